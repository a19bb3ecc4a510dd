/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file shrinks to within its last page and grows again: where a page has
 * several blocks, the later ones are a hole now. A store to them faults
 * (pagecache_isize_extended() has write-protected the page), and page_mkwrite
 * finds blocks. A device write does not fault: the page is dirty after the
 * release, writeback finds no blocks for a part of it, and that part is lost
 * without a word.
 *
 * Where the pinned folio is larger than a page it cannot be split, and if it is
 * clean it leaves the page cache as a whole (truncate_inode_partial_folio()):
 * also the pages that lie before the new end. What the device writes then is in
 * no file any more.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_shrink_and_grow,
	&step_device_write,
	STEP_READ("seen", FILE_PINNED, VIEW_CACHED),
	&step_unpin,
	&step_fsync,
	&step_drop_caches,
	STEP_READ("disk", FILE_PINNED, VIEW_RAW | VIEW_DIRECT | VIEW_CACHED),
	NULL,
};

static const struct promise promises[] = {
	PROMISE_SYNCED("disk"),
	{0},
};

const struct scenario scenario_grow_while_pinned = {
	.name = "grow_while_pinned",
	.summary =
		"the file shrinks into its last page and grows again, then device write: is it kept",
	.why = "the blocks that the file lost have to be found anew by page_mkwrite, which a device write does not call",
	.needs_mechanism = MECH_TYPICAL,
	.not_mechanism = MECH_MOMENTARY,
	.needs_filesystem = FS_TRACKS_DIRTY | FS_BLOCK_BACKED,
	.not_filesystem = FS_LATE_REPAIR,
	.destructive = true,
	.lands =
		"what a file holds before its new end is not touched by ftruncate(2), and what is written into a mapping of it stays",
	.steps = steps,
	.promises = promises,
};
