/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page has four blocks, each with a state of its own (iomap_folio_state).
 * What was dirtied without page_mkwrite is written as a whole, by what the
 * state of the blocks said before.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.xfs", "-q", "-f", "-m", "reflink=1", "-b", "size=1024", NULL,
};

static const char *const check[] = {"xfs_repair", "-n", "-f", NULL};

const struct filesystem filesystem_xfs_1k = {
	.name = "xfs_1k",
	.summary = "XFS with blocks smaller than a page, reflink",
	.why = "the state of the blocks within a page is kept by page_mkwrite",
	.require =
		"root & program:mkfs.xfs & program:xfs_repair & wants:crc32c_generic & filesystem:xfs@CONFIG_XFS_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE | FS_REFLINK |
		  FS_SMALL_BLOCKS,
	.needs_mechanism = MECH_TYPICAL,
	.type = "xfs",
	.mkfs = mkfs,
	.check = check,
	.image_size = 300 << 20,
};
