/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data goes through the journal: page_mkwrite makes the buffers of a page part
 * of a transaction. A page that is dirtied unheard is marked for the next one
 * by ext4_journalled_dirty_folio(): always on 6.1, on 6.12 and later only while
 * folio_maybe_dma_pinned() says that FOLL_PIN holds it.
 *
 * What fsync has written lies in the journal, not at the file's own blocks, and
 * O_DIRECT reads go through the page cache (ext4_should_use_dio()): what is on
 * the disk shows only when the caches have been dropped.
 */
#include <gupcheck/filesystem.h>

static const char *const mkfs[] = {
	"mkfs.ext4", "-q", "-F", "-b", "4096", NULL,
};

static const char *const check[] = {"e2fsck", "-fn", NULL};

const struct filesystem filesystem_ext4_journal = {
	.name = "ext4_journal",
	.summary = "ext4 that journals file data",
	.why = "a page that is dirtied unheard belongs to no transaction",
	.require =
		"root & program:mkfs.ext4 & program:e2fsck & wants:crc32c_generic & filesystem:ext4@CONFIG_EXT4_FS & module:loop@CONFIG_BLK_DEV_LOOP & device:/dev/loop-control@CONFIG_BLK_DEV_LOOP",
	.traits = FS_IMMUTABLE | FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_FREEZE |
		  FS_DATA_JOURNAL,
	.needs_mechanism = MECH_TYPICAL,
	.type = "ext4",
	.options = "data=journal",
	.mkfs = mkfs,
	.check = check,
	.image_size = 64 << 20,
};
