/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Without delayed allocation page_mkwrite finds a block for each page at once,
 * in a transaction of its own (block_page_mkwrite() with ext4_get_block()).
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.ext4", "-q", "-F", "-b", "4096", NULL,
};

static const char *const check[] = {"e2fsck", "-fn", NULL};

const struct filesystem filesystem_ext4_nodelalloc = {
	.name = "ext4_nodelalloc",
	.summary = "ext4 without delayed allocation",
	.why = "blocks are found at the fault, and writeback has no way to find one later",
	.require =
		"root & program:mkfs.ext4 & program:e2fsck & wants:crc32c_generic & filesystem:ext4@CONFIG_EXT4_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE | FS_MOVE_EXTENT,
	.needs_mechanism = MECH_TYPICAL,
	.type = "ext4",
	.options = "nodelalloc",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
