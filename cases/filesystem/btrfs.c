/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data is never overwritten in place and carries a checksum. Since it met pages
 * that were dirty without its knowledge from the beginning, it looks for them
 * at writeback (btrfs_writepage_cow_fixup(), a fixup worker) and gives them a
 * new place then.
 */
#include <gupcheck/btrfs.h>
#include <gupcheck/filesystem.h>

/* One device, one copy: file extents then address bytes of the image */
static const char *const mkfs[] = {
	"mkfs.btrfs", "-q", "-f", "-m", "single", "-d", "single", NULL,
};

static const char *const check[] = {"btrfs", "check", "--readonly",
				    "--check-data-csum", NULL};

const struct filesystem filesystem_btrfs = {
	.name = "btrfs",
	.summary = "btrfs, one device, copy on write, checksums",
	.why = "finds pages dirtied without page_mkwrite at writeback and repairs that; what is not dirty it cannot find",
	.require =
		"root & program:mkfs.btrfs & program:btrfs & wants:crc32c_generic & filesystem:btrfs@CONFIG_BTRFS_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_VERITY | FS_SNAPSHOT | FS_TRACKS_DIRTY |
		  FS_BLOCK_BACKED | FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE |
		  FS_REFLINK | FS_CHECKSUMS | FS_LATE_REPAIR,
	.type = "btrfs",
	.mkfs = mkfs,
	.check = check,
	.image_size = 128 << 20,
	.settle = btrfs_settle,
};
