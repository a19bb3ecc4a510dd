/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_UNPACK_H
#define VM_UNPACK_H

/* Unpack: compressed data and Debian packages, through libarchive. */

#include "base/error.h"
#include "vm/blob.h"

/**
 * unpack_memory() - decompress what begins at @data, whatever compressed it
 * @ret: receives a heap buffer of @ret_len bytes, to be freed
 *
 * Data that is not compressed comes back as it is. Bytes behind the end of the
 * compressed data are ignored.
 * Return: 0, -EBADMSG for damaged data or more than a GiB of it, -ENOMEM.
 */
int unpack_memory(const void *data, size_t len, unsigned char **ret,
		  size_t *ret_len);

/**
 * unpack_deb() - extract the kernel and the modules of a package
 * @dir: folder below which they are put
 * Return: 0, or -errno with a line of @error.
 */
int unpack_deb(const char *deb, const char *dir, struct error *error);

#endif
