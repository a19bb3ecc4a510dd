/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A write to a shared (reflinked) block has to go to a new place.
 * xfs_filemap_page_mkwrite() reserves that place; a page made dirty without it
 * is written by xfs_map_blocks() where it lay, into the block that the clone
 * uses too.
 */
#include <gupcheck/filesystem.h>

/* the image is the smallest one that mkfs.xfs makes */
static const char *const mkfs[] = {
	"mkfs.xfs", "-q", "-f", "-m", "reflink=1", NULL,
};

static const char *const check[] = {"xfs_repair", "-n", "-f", NULL};

const struct filesystem filesystem_xfs = {
	.name = "xfs",
	.summary = "XFS with reflink",
	.why = "a page dirtied without page_mkwrite is written in place, also into a block shared with a clone",
	.require =
		"root & program:mkfs.xfs & program:xfs_repair & wants:crc32c_generic & filesystem:xfs@CONFIG_XFS_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE | FS_REFLINK,
	.type = "xfs",
	.mkfs = mkfs,
	.check = check,
	.image_size = 300 << 20,
};
