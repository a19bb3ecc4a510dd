/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data may reach the disk after the metadata that names it
 * (ext4_should_writeback_data()). Pages are dirtied as in the ordered mode.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.ext4", "-q", "-F", "-b", "4096", NULL,
};

static const char *const check[] = {"e2fsck", "-fn", NULL};

const struct filesystem filesystem_ext4_writeback = {
	.name = "ext4_writeback",
	.summary = "ext4 that does not order data before the journal",
	.why = "data=writeback: no commit of the journal waits for the data of a page",
	.require =
		"root & program:mkfs.ext4 & program:e2fsck & wants:crc32c_generic & filesystem:ext4@CONFIG_EXT4_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE | FS_MOVE_EXTENT,
	.needs_mechanism = MECH_TYPICAL,
	.type = "ext4",
	.options = "data=writeback",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
