/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kinds of btrfs share. */
#include <errno.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>
#include <gupcheck/btrfs.h>

int btrfs_settle(int fd)
{
	__u64 transaction;

	if (ioctl(fd, BTRFS_IOC_START_SYNC, &transaction) < 0)
		return -errno;
	return ioctl(fd, BTRFS_IOC_WAIT_SYNC, &transaction) < 0 ? -errno : 0;
}
