/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_FILESYSTEM_H
#define GUPCHECK_FILESYSTEM_H

/*
 * Filesystem: one kind of backing of the pinned mapping.
 *
 * A filesystem is one file, cases/filesystem/NAME.c, that exports one
 * `const struct filesystem filesystem_NAME`, and one line in the list of
 * cases/meson.build. Hooks run in the cell process, which has an undo stack to
 * run: they return 0 or -errno and never exit.
 */

#include <stddef.h>
#include <sys/types.h>
#include <gupcheck/mechanism.h>

/** enum filesystem_trait - what scenarios and the judge may ask for */
enum filesystem_trait {
	FS_TRACKS_DIRTY = 1 << 0, /* must hear of a write before it happens */
	FS_BLOCK_BACKED = 1 << 1, /* an image file on a loop device */
	FS_RAW_READBACK = 1 << 2, /* FIEMAP addresses bytes of the image */
	FS_DIRECT_IO = 1 << 3, /* O_DIRECT reads bypass the page cache */
	FS_REFLINK = 1 << 4, /* FICLONE */
	FS_CHECKSUMS = 1 << 5, /* checksums file data */
	FS_FREEZE = 1 << 6, /* FIFREEZE */
	FS_MOVE_EXTENT = 1 << 7, /* EXT4_IOC_MOVE_EXT */
	FS_HUGE_PAGES = 1 << 8, /* pages of the default huge page size */
	FS_MAPPED_ONLY = 1 << 9, /* no write(2): data enters by mmap */
	FS_READ_ONLY = 1 << 10,
	FS_LATE_REPAIR =
		1 << 11, /* a worker repairs what was dirtied unheard */
	FS_FAKE = 1 << 12, /* the harness's own; only by full name */
	FS_TYPICAL = 1 << 13, /* stands for all of its kind where the mapping,
			       * not the filesystem, is the question */
	FS_MEMFD = 1 << 14, /* memfd_create(2) makes files of its kind */
	FS_THP =
		1 << 15, /* transparent huge pages, mapped whole and writable */
	FS_SMALL_BLOCKS = 1 << 16, /* several blocks in a page */
	FS_IMMUTABLE = 1 << 17, /* FS_IOC_SETFLAGS with FS_IMMUTABLE_FL */
	FS_VERITY = 1 << 18, /* FS_IOC_ENABLE_VERITY */
	FS_SNAPSHOT = 1 << 19, /* BTRFS_IOC_SNAP_CREATE of the root */
};

struct stage;

/**
 * struct filesystem - the descriptor
 * @name: equals the file name; part of every cell id
 * @summary: one line without a full stop
 * @why: what is special about it under a pin
 * @require: requirement expression, see <gupcheck/require.h>
 * @traits: mask of enum filesystem_trait
 * @needs_mechanism: mask of enum mechanism_trait that a mechanism must have to
 *	be tried on it: MECH_TYPICAL for what most users do not have
 * @type: type for mount(2); NULL: nothing is mounted
 * @options: data for mount(2), or NULL
 * @huge_options: the same where a variant wants large pages and the kernel has
 *	transparent huge pages; NULL: @options
 * @mkfs: argument vector, ended by NULL, to which the image is appended; NULL
 *	where there is no image
 * @check: argument vector, ended by NULL, to which the image is appended: the
 *	filesystem's own checker, which changes nothing and exits with 0 when
 *	it finds no damage; NULL where there is no image
 * @image_size: bytes of the (sparse) image
 * @prepare: optional, before the mount: what this filesystem needs besides
 * @settle: optional, before FIEMAP is asked about @fd: wait until its answer
 *	shows what a returned fsync has written; must write no file data itself
 */
struct filesystem {
	const char *name;
	const char *summary;
	const char *why;
	const char *require;
	unsigned int traits;
	unsigned int needs_mechanism;
	const char *type;
	const char *options;
	const char *huge_options;
	const char *const *mkfs;
	const char *const *check;
	off_t image_size;

	int (*prepare)(struct stage *stage);
	int (*settle)(int fd);
};

/** filesystems - every filesystem, sorted by name, ended by NULL (generated) */
extern const struct filesystem *const filesystems[];

#endif
