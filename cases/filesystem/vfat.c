/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No page_mkwrite of its own; blocks are found at write(2) or at writeback
 * (fat_get_block()).
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.vfat",
	NULL,
};

static const char *const check[] = {"fsck.vfat", "-n", NULL};

const struct filesystem filesystem_vfat = {
	.name = "vfat",
	.summary = "FAT with long names",
	.why = "has no page_mkwrite of its own, and still has to hear that a page is dirty",
	.require =
		"root & program:mkfs.vfat & program:fsck.vfat & filesystem:vfat@CONFIG_VFAT_FS & wants:nls_cp437 & wants:nls_ascii & wants:nls_iso8859-1 & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_RAW_READBACK |
		  FS_DIRECT_IO,
	.needs_mechanism = MECH_TYPICAL,
	.type = "vfat",
	.mkfs = mkfs,
	.check = check,
	.image_size = 32 << 20,
};
