/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "file.c"

#define SNAPSHOT "mnt/snapshot/pinned"

static int step_snapshot(void)
{
	int dir = open("mnt", O_RDONLY | O_DIRECTORY);
	struct btrfs_ioctl_vol_args args = {.fd = dir, .name = "snapshot"};
	int ret = dir < 0 || ioctl(dir, BTRFS_IOC_SNAP_CREATE, &args) ? -errno
								      : 0;

	close(dir);
	return ret;
}
