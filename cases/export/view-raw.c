/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "image.c"
#include "look.c"
#include "settle.c"

#define EXTENTS 2048
#define NOT_PLAIN                                            \
	(FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC |    \
	 FIEMAP_EXTENT_ENCODED | FIEMAP_EXTENT_NOT_ALIGNED | \
	 FIEMAP_EXTENT_DATA_INLINE | FIEMAP_EXTENT_DATA_TAIL)

/* Where the file lies in the image; kept while nobody may move it */
static struct {
	struct fiemap map;
	struct fiemap_extent extent[EXTENTS];
} place;
static int keep_place;

/* Older filesystems know no FIEMAP: block by block, 0 is a hole */
static int find_blocks(int file)
{
	int size;

	if (ioctl(file, FIGETBSZ, &size))
		return -errno;
	if ((int)SIZE / size > EXTENTS)
		return -E2BIG;
	for (int i = 0; i < (int)SIZE / size; i++) {
		int block = i;

		if (ioctl(file, FIBMAP, &block))
			return -errno;
		place.extent[i] = (struct fiemap_extent){
			.fe_logical = (__u64)i * size,
			.fe_physical = (__u64)block * size,
			.fe_length = size,
			.fe_flags = block ? 0 : FIEMAP_EXTENT_UNWRITTEN,
		};
		place.map.fm_mapped_extents = i + 1;
	}
	return 0;
}

static int find_place(const char *path)
{
	int file = open(path, O_RDONLY);
	int ret = file < 0 ? -errno : settle(file);

	memset(&place, 0, sizeof(place));
	place.map.fm_length = FIEMAP_MAX_OFFSET;
	place.map.fm_extent_count = EXTENTS;
	if (!ret && ioctl(file, FS_IOC_FIEMAP, &place))
		ret = errno == EOPNOTSUPP || errno == ENOTTY ? find_blocks(file)
							     : -errno;
	if (file >= 0)
		close(file);
	return ret;
}

/* From the image file, past the filesystem: what a power cut would leave */
static int read_image(const char *path)
{
	int ret = keep_place ? 0 : find_place(path);
	char data[SIZE];

	memset(data, 0, SIZE);
	for (unsigned int i = 0; !ret && i < place.map.fm_mapped_extents; i++) {
		struct fiemap_extent *at = &place.extent[i];
		size_t length = at->fe_length;

		if (at->fe_flags & NOT_PLAIN)
			return -ENODATA;
		if (at->fe_flags & FIEMAP_EXTENT_UNWRITTEN ||
		    at->fe_logical >= SIZE)
			continue;
		if (length > SIZE - at->fe_logical)
			length = SIZE - at->fe_logical;
		if (pread(image, data + at->fe_logical, length,
			  at->fe_physical) != (ssize_t)length)
			return errno ? -errno : -EIO;
	}
	return ret ? ret : content_of(data);
}

static void read_raw(const char *label, const char *path)
{
	saw(label, "image", read_image(path));
}
