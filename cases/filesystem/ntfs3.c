/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of what was written is kept besides the end of the file (i_valid): a
 * fault behind it fills with zeroes first (ntfs_file_mmap(),
 * ntfs_extend_initialized_size()).
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.ntfs", "-F", "-q", "-f", NULL,
};

const struct filesystem filesystem_ntfs3 = {
	.name = "ntfs3",
	.summary = "NTFS, the driver ntfs3",
	.why = "keeps apart what was written and how long the file is",
	.require =
		"root & program:mkfs.ntfs & filesystem:ntfs3@CONFIG_NTFS3_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_RAW_READBACK |
		  FS_DIRECT_IO,
	.needs_mechanism = MECH_TYPICAL,
	.type = "ntfs3",
	.mkfs = mkfs,
	.image_size = 32 << 20,
};
