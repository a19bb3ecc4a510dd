/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every dirty page needs its buffers attached and, outside of overwrite, a
 * journal transaction; both are prepared by ext4_page_mkwrite(). A page that a
 * pin made dirty without it is met by ext4_dirty_folio() with a warning when
 * its buffers are gone, and then left out of writeback: the data is lost.
 */
#include <gupcheck/filesystem.h>

/* 4 KiB blocks: mke2fs takes 1 KiB for so small an image, which is another case
 */
static const char *const mkfs[] = {
	"mkfs.ext4", "-q", "-F", "-b", "4096", NULL,
};

static const char *const check[] = {"e2fsck", "-fn", NULL};

const struct filesystem filesystem_ext4 = {
	.name = "ext4",
	.summary = "ext4, ordered data, 4 KiB blocks",
	.why = "a page dirtied without page_mkwrite may have lost its buffers: it is warned about and not written",
	.require =
		"root & program:mkfs.ext4 & program:e2fsck & wants:crc32c_generic & filesystem:ext4@CONFIG_EXT4_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE | FS_MOVE_EXTENT |
		  FS_TYPICAL,
	.type = "ext4",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
