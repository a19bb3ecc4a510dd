/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>

/* FIEMAP tells the new place only when the transaction has ended */
static int settle(int file)
{
	__u64 transaction;

	if (ioctl(file, BTRFS_IOC_START_SYNC, &transaction) ||
	    ioctl(file, BTRFS_IOC_WAIT_SYNC, &transaction))
		return -errno;
	return 0;
}
