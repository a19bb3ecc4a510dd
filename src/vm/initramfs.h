/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_INITRAMFS_H
#define VM_INITRAMFS_H

/*
 * Initramfs: an uncompressed cpio archive (newc) in memory. It has no name in
 * any folder, so nothing is left behind however the program ends.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include "base/error.h"

struct initramfs;

/** initramfs_create() - an empty one; 0 or -errno with a line of @error */
int initramfs_create(struct initramfs **ret, struct error *error);

/**
 * initramfs_add() - add a regular file, and the folders above it
 * @path: absolute
 * @mode: permissions
 *
 * A path that is there already stays as it is.
 * Return: 0 or -errno.
 */
int initramfs_add(struct initramfs *initramfs, const char *path, mode_t mode,
		  const void *data, size_t len);

/** initramfs_add_folder() - an empty folder, and those above it */
int initramfs_add_folder(struct initramfs *initramfs, const char *path);

/** initramfs_add_link() - a symbolic link to @target */
int initramfs_add_link(struct initramfs *initramfs, const char *path,
		       const char *target);

/** initramfs_add_device() - a character device */
int initramfs_add_device(struct initramfs *initramfs, const char *path,
			 dev_t device);

/** initramfs_add_host_file() - a copy of @source, with its permissions */
int initramfs_add_host_file(struct initramfs *initramfs, const char *path,
			    const char *source);

/** initramfs_has() - whether @path was added */
bool initramfs_has(const struct initramfs *initramfs, const char *path);

/**
 * initramfs_finish() - write the end, give up the archive
 * Return: a descriptor of the whole, to be closed, or -errno; @initramfs is
 * freed in any case.
 */
int initramfs_finish(struct initramfs *initramfs);

/** initramfs_free() - throw an unfinished one away; accepts NULL */
void initramfs_free(struct initramfs *initramfs);

#endif
