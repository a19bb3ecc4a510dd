/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "media/extents.h"

#define NOT_PLAIN                                            \
	(FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC |    \
	 FIEMAP_EXTENT_ENCODED | FIEMAP_EXTENT_DATA_INLINE | \
	 FIEMAP_EXTENT_DATA_TAIL | FIEMAP_EXTENT_NOT_ALIGNED)

static int read_fiemap(int fd, struct extents *ret)
{
	cleanup_free struct fiemap *map = calloc(
		1, sizeof(*map) + EXTENTS_MAX * sizeof(map->fm_extents[0]));

	if (!map)
		return -ENOMEM;
	map->fm_length = FIEMAP_MAX_OFFSET;
	map->fm_extent_count = EXTENTS_MAX;
	if (ioctl(fd, FS_IOC_FIEMAP, map) < 0)
		return -errno;
	ret->count = 0;
	for (unsigned int i = 0; i < map->fm_mapped_extents; i++) {
		const struct fiemap_extent *from = &map->fm_extents[i];

		if (from->fe_flags & NOT_PLAIN)
			return -ENODATA;
		/* allocated, but reads as zeroes */
		if (from->fe_flags & FIEMAP_EXTENT_UNWRITTEN)
			continue;
		ret->extent[ret->count].logical = from->fe_logical;
		ret->extent[ret->count].physical = from->fe_physical;
		ret->extent[ret->count].length = from->fe_length;
		ret->count++;
	}
	return 0;
}

static int add_block(struct extents *extents, uint64_t logical,
		     uint64_t physical, uint64_t length)
{
	size_t last = extents->count - 1;

	if (extents->count &&
	    extents->extent[last].logical + extents->extent[last].length ==
		    logical &&
	    extents->extent[last].physical + extents->extent[last].length ==
		    physical) {
		extents->extent[last].length += length;
		return 0;
	}
	if (extents->count == EXTENTS_MAX)
		return -EFBIG;
	extents->extent[extents->count].logical = logical;
	extents->extent[extents->count].physical = physical;
	extents->extent[extents->count].length = length;
	extents->count++;
	return 0;
}

/* Older filesystems know no extents: block by block, 0 being a hole */
static int read_blocks(int fd, struct extents *ret)
{
	struct stat status;
	uint64_t size;
	int block_size, answer = 0;

	if (fstat(fd, &status) < 0 || ioctl(fd, FIGETBSZ, &block_size) < 0)
		return -errno;
	size = (uint64_t)block_size;
	ret->count = 0;
	for (uint64_t i = 0; !answer && i * size < (uint64_t)status.st_size;
	     i++) {
		int block = (int)i;

		if (ioctl(fd, FIBMAP, &block) < 0)
			return -errno;
		if (block)
			answer = add_block(ret, i * size,
					   (uint64_t)(unsigned int)block * size,
					   size);
	}
	return answer;
}

int extents_read(int fd, struct extents *ret)
{
	int answer = read_fiemap(fd, ret);

	return answer == -EOPNOTSUPP || answer == -ENOTTY ? read_blocks(fd, ret)
							  : answer;
}

int extents_pread(const struct extents *extents, int image_fd, void *buf,
		  size_t len)
{
	memset(buf, 0, len);
	for (size_t i = 0; i < extents->count; i++) {
		uint64_t logical = extents->extent[i].logical;
		size_t piece = extents->extent[i].length;

		if (logical >= len)
			continue;
		if (piece > len - logical)
			piece = len - logical;
		if (pread(image_fd, (char *)buf + logical, piece,
			  (off_t)extents->extent[i].physical) != (ssize_t)piece)
			return errno ? -errno : -EIO;
	}
	return 0;
}
