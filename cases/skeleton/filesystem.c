/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How this filesystem hears of writes, and what becomes of a page that was
 * dirtied without its knowledge; name the kernel functions.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {"mkfs.NAME", "-q", 0};
static const char *const check[] = {"fsck.NAME", "-n", 0};

const struct filesystem filesystem_NAME = {
	.name = "NAME",
	.summary = "one line without a full stop",
	.why = "what is special about it under a pin",
	.require =
		"root & program:mkfs.NAME & program:fsck.NAME & filesystem:NAME@CONFIG_NAME_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_RAW_READBACK |
		  FS_DIRECT_IO,
	.type = "NAME",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
