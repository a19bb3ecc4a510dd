/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEDIA_EXTENTS_H
#define MEDIA_EXTENTS_H

/* Extents: where a file's data lies in its image (FIEMAP, FIBMAP). */

#include <stddef.h>
#include <stdint.h>

#define EXTENTS_MAX 64

/** struct extents - a file's map, in bytes; physical is 0 for what has none */
struct extents {
	struct {
		uint64_t logical;
		uint64_t physical;
		uint64_t length;
	} extent[EXTENTS_MAX];
	size_t count;
};

/**
 * extents_read() - ask the filesystem, without making it write anything
 *
 * Documentation/filesystems/fiemap.rst; FIEMAP_FLAG_SYNC is not set. Where the
 * filesystem has no such map: ioctl(FIBMAP), needs CAP_SYS_RAWIO. Return: 0,
 * -errno, -ENODATA for an extent that does not stand for plain bytes (inline,
 * encoded, not yet allocated), or -EFBIG for a file in too many pieces.
 */
int extents_read(int fd, struct extents *ret);

/**
 * extents_pread() - read the file's first @len bytes from the image
 * @image_fd: the image file; what is not mapped reads as zeroes
 */
int extents_pread(const struct extents *extents, int image_fd, void *buf,
		  size_t len);

#endif
