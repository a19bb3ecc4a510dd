/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log-structured: f2fs_vm_page_mkwrite() reserves the block that the page will
 * be written to. A page over a block that was reserved once is written without
 * further questions.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.f2fs",
	"-q",
	"-f",
	NULL,
};

static const char *const check[] = {"fsck.f2fs", "--dry-run", NULL};

const struct filesystem filesystem_f2fs = {
	.name = "f2fs",
	.summary = "F2FS",
	.why = "writes out of place, and needs page_mkwrite to reserve the place",
	.require =
		"root & program:mkfs.f2fs & program:fsck.f2fs & wants:crc32_generic & filesystem:f2fs@CONFIG_F2FS_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE,
	.type = "f2fs",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
