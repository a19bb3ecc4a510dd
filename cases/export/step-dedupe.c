/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "file.c"

static int step_dedupe(void)
{
	union {
		struct file_dedupe_range range;
		char room[sizeof(struct file_dedupe_range) +
			  sizeof(struct file_dedupe_range_info)];
	} same = {.range = {.src_length = SIZE, .dest_count = 1}};
	struct file_dedupe_range_info *info = same.range.info;
	int from = open(PINNED, O_RDONLY);
	int to = open(OTHER, O_RDWR);

	info->dest_fd = to;
	if (from < 0 || to < 0 || ioctl(from, FIDEDUPERANGE, &same))
		return -errno;
	close(from);
	close(to);
	if (info->status)
		return info->status < 0 ? info->status : -EILSEQ;
	return info->bytes_deduped == SIZE ? 0 : -EIO;
}
