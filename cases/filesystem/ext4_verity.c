/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With fs-verity a file can be sealed: its hashes lie behind its end, and its
 * pages are verified when they are read (ext4_readpage_limit(),
 * fs/ext4/verity.c).
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.ext4", "-q", "-F", "-b", "4096", "-O", "verity", NULL,
};

static const char *const check[] = {"e2fsck", "-fn", NULL};

const struct filesystem filesystem_ext4_verity = {
	.name = "ext4_verity",
	.summary = "ext4 with fs-verity",
	.why = "a sealed file is verified when it is read from the disk, not where it is cached",
	.require =
		"root & program:mkfs.ext4 & program:e2fsck & wants:crc32c_generic & config@CONFIG_FS_VERITY & filesystem:ext4@CONFIG_EXT4_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_VERITY | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO,
	.needs_mechanism = MECH_TYPICAL,
	.type = "ext4",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
