/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No page_mkwrite of its own: the page is only marked dirty at the fault
 * (filemap_page_mkwrite()), and blocks are found at writeback
 * (jfs_get_block()).
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.jfs",
	"-q",
	NULL,
};

static const char *const check[] = {"fsck.jfs", "-n", "-f", NULL};

const struct filesystem filesystem_jfs = {
	.name = "jfs",
	.summary = "JFS",
	.why = "has no page_mkwrite of its own, and still has to hear that a page is dirty",
	.require =
		"root & program:mkfs.jfs & program:fsck.jfs & filesystem:jfs@CONFIG_JFS_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE,
	.needs_mechanism = MECH_TYPICAL,
	.type = "jfs",
	.mkfs = mkfs,
	.check = check,
	.image_size = 32 << 20,
};
