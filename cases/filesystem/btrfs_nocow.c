/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Without copy on write data is written in place, unless it is shared with a
 * clone: then btrfs has to see that before it writes (btrfs_page_mkwrite(),
 * can_nocow_extent()). Data has no checksums.
 */
#include <gupcheck/btrfs.h>
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.btrfs", "-q", "-f", "-m", "single", "-d", "single", NULL,
};

static const char *const check[] = {"btrfs", "check", "--readonly", NULL};

const struct filesystem filesystem_btrfs_nocow = {
	.name = "btrfs_nocow",
	.summary = "btrfs, nodatacow: in place, no checksums",
	.why = "whether a block may be overwritten is asked at page_mkwrite and at writeback",
	.require =
		"root & program:mkfs.btrfs & program:btrfs & wants:crc32c_generic & filesystem:btrfs@CONFIG_BTRFS_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_SNAPSHOT | FS_TRACKS_DIRTY |
		  FS_BLOCK_BACKED | FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE |
		  FS_REFLINK | FS_LATE_REPAIR,
	.needs_mechanism = MECH_TYPICAL,
	.type = "btrfs",
	.options = "nodatacow",
	.mkfs = mkfs,
	.check = check,
	.image_size = 128 << 20,
	.settle = btrfs_settle,
};
