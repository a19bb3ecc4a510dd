/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of what was written is kept besides the end of the file (valid_size):
 * what lies behind it reads as zeroes, whatever the blocks hold. Since 6.18
 * exfat_page_mkwrite() moves it.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.exfat",
	NULL,
};

static const char *const check[] = {"fsck.exfat", "-n", NULL};

const struct filesystem filesystem_exfat = {
	.name = "exfat",
	.summary = "exFAT",
	.why = "keeps apart what was written and how long the file is",
	.require =
		"root & program:mkfs.exfat & program:fsck.exfat & filesystem:exfat@CONFIG_EXFAT_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_RAW_READBACK |
		  FS_DIRECT_IO,
	.needs_mechanism = MECH_TYPICAL,
	.type = "exfat",
	.mkfs = mkfs,
	.check = check,
	.image_size = 32 << 20,
};
