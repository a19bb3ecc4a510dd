/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Space is handed out in clusters of several blocks. A block that is not
 * allocated may lie in a cluster that is, so that page_mkwrite reserves
 * nothing for it (ext4_da_map_blocks()).
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.ext4", "-q",	 "-F", "-b",	"4096",
	"-O",	     "bigalloc", "-C", "16384", NULL,
};

static const char *const check[] = {"e2fsck", "-fn", NULL};

const struct filesystem filesystem_ext4_bigalloc = {
	.name = "ext4_bigalloc",
	.summary = "ext4 that allocates clusters of four blocks",
	.why = "page_mkwrite reserves a cluster for several pages; writeback of a page counts on it",
	.require =
		"root & program:mkfs.ext4 & program:e2fsck & wants:crc32c_generic & filesystem:ext4@CONFIG_EXT4_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE,
	.needs_mechanism = MECH_TYPICAL,
	.type = "ext4",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
