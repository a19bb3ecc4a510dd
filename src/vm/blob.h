/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_BLOB_H
#define VM_BLOB_H

/* Blob: the content of a file, mapped read-only. */

#include <stddef.h>
#include <stdint.h>
#include "base/cleanup.h"

/** struct blob - @len bytes at @data; @data is NULL for an empty file */
struct blob {
	const unsigned char *data;
	size_t len;
};

/** blob_open() - map a regular file; 0 or -errno */
int blob_open(struct blob *ret, const char *path);

/** blob_close() - unmap; accepts an empty blob */
void blob_close(struct blob *blob);

/**
 * blob_range() - whether @len bytes from @offset lie in @blob
 * Return: where they begin, or NULL.
 */
const unsigned char *blob_range(const struct blob *blob, uint64_t offset,
				uint64_t len);

/** blob_le() - a little-endian number of 2, 4 or 8 bytes; 0 outside the blob */
uint64_t blob_le(const struct blob *blob, uint64_t offset, unsigned int size);

#define cleanup_blob cleanup(blob_close)

#endif
