/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files lie within their inode, and are moved out of it by the first
 * fault (udf_page_mkwrite()).
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.udf",
	"--media-type=hd",
	"--blocksize=4096",
	NULL,
};

const struct filesystem filesystem_udf = {
	.name = "udf",
	.summary = "UDF, as on a hard disk",
	.why = "page_mkwrite moves data out of the inode and finds blocks",
	.require =
		"root & program:mkfs.udf & wants:crc-itu-t & filesystem:udf@CONFIG_UDF_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_RAW_READBACK |
		  FS_DIRECT_IO,
	.needs_mechanism = MECH_TYPICAL,
	.type = "udf",
	.mkfs = mkfs,
	.image_size = 32 << 20,
};
