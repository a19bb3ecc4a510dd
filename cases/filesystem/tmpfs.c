/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory is all there is: nothing is written back, no one has to hear of a
 * write. Pins of every kind are allowed, and must stay so (shmem_mapping() in
 * gup_fast_folio_allowed(), mm/gup.c).
 */
#include <gupcheck/filesystem.h>

const struct filesystem filesystem_tmpfs = {
	.name = "tmpfs",
	.summary = "tmpfs",
	.why = "needs no dirty tracking: every pin has to keep working",
	.require = "root & filesystem:tmpfs@CONFIG_TMPFS",
	.traits = FS_TYPICAL | FS_MEMFD | FS_THP,
	.type = "tmpfs",
	.options = "size=16M",
	.huge_options = "size=16M,huge=always",
};
