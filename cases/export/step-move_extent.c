/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <unistd.h>
#include "file.c"

/* fs/ext4/ext4.h has it, no header for user space does */
struct move_extent {
	__u32 reserved;
	__u32 donor_fd;
	__u64 orig_start;
	__u64 donor_start;
	__u64 len;
	__u64 moved_len;
};

#define EXT4_IOC_MOVE_EXT _IOWR('f', 15, struct move_extent)

static int step_move_extent(void)
{
	int ret = create(OTHER, FOREIGN);
	int donor = open(PINNED, O_RDWR), other = open(OTHER, O_RDWR);
	struct move_extent move = {.donor_fd = donor};
	struct statfs fs;

	if (ret || donor < 0 || other < 0 || fstatfs(donor, &fs))
		return ret ? ret : -errno;
	move.len = SIZE / fs.f_bsize;
	ret = ioctl(other, EXT4_IOC_MOVE_EXT, &move) ? -errno : 0;
	close(donor);
	close(other);
	return ret;
}
