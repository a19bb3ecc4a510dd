/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Without a journal, driven by ext4's code where the kernel has no other: the
 * buffers of a page are all that it needs, and block_page_mkwrite() attaches
 * them.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.ext2", "-q", "-F", "-b", "4096", NULL,
};

static const char *const check[] = {"e2fsck", "-fn", NULL};

const struct filesystem filesystem_ext2 = {
	.name = "ext2",
	.summary = "ext2, 4 KiB blocks, no journal",
	.why = "a page dirtied without page_mkwrite may have lost its buffers",
	.require =
		"root & program:mkfs.ext2 & program:e2fsck & wants:crc32c_generic & filesystem:ext4@CONFIG_EXT4_FS & config@CONFIG_EXT4_USE_FOR_EXT2 & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE,
	.needs_mechanism = MECH_TYPICAL,
	.type = "ext2",
	.mkfs = mkfs,
	.check = check,
	.image_size = 32 << 20,
};
