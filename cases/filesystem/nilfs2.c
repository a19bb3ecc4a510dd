/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log-structured, with checkpoints of everything. nilfs_page_mkwrite() opens a
 * transaction and makes the file dirty; the segment constructor writes what is
 * dirty then.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.nilfs2",
	"-q",
	"-f",
	NULL,
};

const struct filesystem filesystem_nilfs2 = {
	.name = "nilfs2",
	.summary = "NILFS2, log-structured",
	.why = "a file that is not known to be dirty gets no place in the next segment",
	.require =
		"root & program:mkfs.nilfs2 & wants:crc32c_generic & filesystem:nilfs2@CONFIG_NILFS2_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED |
		  FS_RAW_READBACK | FS_DIRECT_IO | FS_FREEZE,
	.needs_mechanism = MECH_TYPICAL,
	.type = "nilfs2",
	.mkfs = mkfs,
	.image_size = 160 << 20,
};
