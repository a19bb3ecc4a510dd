/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With fs-verity a file can be sealed: its hashes lie behind its end, and its
 * pages are verified when they are read (fs/f2fs/verity.c).
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.f2fs", "-q", "-f", "-O", "extra_attr,verity", NULL,
};

static const char *const check[] = {"fsck.f2fs", "--dry-run", NULL};

const struct filesystem filesystem_f2fs_verity = {
	.name = "f2fs_verity",
	.summary = "F2FS with fs-verity",
	.why = "a sealed file is verified when it is read from the disk, not where it is cached",
	.require =
		"root & program:mkfs.f2fs & program:fsck.f2fs & wants:crc32_generic & config@CONFIG_FS_VERITY & filesystem:f2fs@CONFIG_F2FS_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_VERITY | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO,
	.needs_mechanism = MECH_TYPICAL,
	.type = "f2fs",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
