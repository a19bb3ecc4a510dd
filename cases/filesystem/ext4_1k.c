/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page has four blocks, and needs four buffers. What lies beyond the end of
 * the file within its last block is not part of it; page_mkwrite prepares what
 * an extension of the file makes part of it.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.ext4", "-q", "-F", "-b", "1024", NULL,
};

static const char *const check[] = {"e2fsck", "-fn", NULL};

const struct filesystem filesystem_ext4_1k = {
	.name = "ext4_1k",
	.summary = "ext4 with blocks smaller than a page",
	.why = "a file that grows within a page gets blocks that only page_mkwrite could prepare",
	.require =
		"root & program:mkfs.ext4 & program:e2fsck & wants:crc32c_generic & filesystem:ext4@CONFIG_EXT4_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE | FS_MOVE_EXTENT |
		  FS_SMALL_BLOCKS,
	.needs_mechanism = MECH_TYPICAL,
	.type = "ext4",
	.mkfs = mkfs,
	.check = check,
	.image_size = 32 << 20,
};
