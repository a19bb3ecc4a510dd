/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EXT4_IOC_MOVE_EXT (online defragmentation) takes the buffers off the donor's
 * page and does not look for pins (move_extent_per_page(); mext_move_extent()
 * since 6.18). Made dirty at the release, the page has no buffers:
 * ext4_dirty_folio() warns, writeback reports it and drops it.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_move_extent,
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

const struct scenario scenario_move_extent_while_pinned = {
	.name = "move_extent_while_pinned",
	.summary =
		"the pinned file is the donor of EXT4_IOC_MOVE_EXT, then device write",
	.why = "the ioctl strips the page's buffers whether it is pinned or not; the dirty page is then warned about and dropped",
	.not_mechanism = MECH_MOMENTARY,
	.needs_filesystem = FS_MOVE_EXTENT,
	.destructive = true,
	.steps = steps,
	.promises = promises,
};
