/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data is never overwritten in place and carries a checksum. Since it met pages
 * that were dirty without its knowledge from the beginning, it looks for them
 * at writeback (btrfs_writepage_cow_fixup(), a fixup worker) and gives them a
 * new place then.
 */
#include <errno.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>
#include <gupcheck/filesystem.h>

/* One device, one copy: file extents then address bytes of the image */
static const char *const mkfs[] = {
	"mkfs.btrfs", "-q", "-f", "-m", "single", "-d", "single", NULL,
};

static const char *const check[] = {"btrfs", "check", "--readonly",
				    "--check-data-csum", NULL};

/*
 * fsync waits for the data and logs where it is; the file's own map follows
 * from a worker (btrfs_finish_ordered_io()), and FIEMAP shows the old place
 * until then. A commit of the transaction waits for that worker, and does not
 * look for dirty pages.
 */
static int settle(int fd)
{
	__u64 transaction;

	if (ioctl(fd, BTRFS_IOC_START_SYNC, &transaction) < 0)
		return -errno;
	return ioctl(fd, BTRFS_IOC_WAIT_SYNC, &transaction) < 0 ? -errno : 0;
}

const struct filesystem filesystem_btrfs = {
	.name = "btrfs",
	.summary = "btrfs, one device, copy on write, checksums",
	.why = "finds pages dirtied without page_mkwrite at writeback and repairs that; what is not dirty it cannot find",
	.require =
		"root & program:mkfs.btrfs & program:btrfs & wants:crc32c_generic & filesystem:btrfs@CONFIG_BTRFS_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_RAW_READBACK |
		  FS_DIRECT_IO | FS_FREEZE | FS_REFLINK | FS_CHECKSUMS |
		  FS_LATE_REPAIR,
	.type = "btrfs",
	.mkfs = mkfs,
	.check = check,
	.image_size = 128 << 20,
	.settle = settle,
};
