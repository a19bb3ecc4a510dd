/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No delayed allocation and no extents: page_mkwrite finds a block for each
 * page, in a transaction of its own, as ext2 does without a journal.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.ext3", "-q", "-F", "-b", "4096", NULL,
};

static const char *const check[] = {"e2fsck", "-fn", NULL};

const struct filesystem filesystem_ext3 = {
	.name = "ext3",
	.summary =
		"ext3, by the driver of ext4: block lists instead of extents",
	.why = "blocks are found by ext4_ind_map_blocks(), with a journal",
	.require =
		"root & program:mkfs.ext3 & program:e2fsck & wants:crc32c_generic & filesystem:ext4@CONFIG_EXT4_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE,
	.needs_mechanism = MECH_TYPICAL,
	.type = "ext3",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
