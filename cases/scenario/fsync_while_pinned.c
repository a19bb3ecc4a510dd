/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first fsync cleans and write-protects the page. A device write then
 * changes it without a fault, so the page stays clean in the eyes of the
 * filesystem, and the second fsync has nothing to write.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_device_write,
	STEP_READ("seen", FILE_PINNED, VIEW_CACHED),
	&step_fsync,
	STEP_READ("disk", FILE_PINNED, VIEW_RAW | VIEW_DIRECT),
	&step_unpin,
	NULL,
};

static const struct promise promises[] = {
	PROMISE_SYNCED("disk"),
	{0},
};

const struct scenario scenario_fsync_while_pinned = {
	.name = "fsync_while_pinned",
	.summary = "device write, fsync while still pinned: is it on the disk",
	.why = "the write takes no fault, the page stays clean, fsync writes nothing and returns 0; a crash then loses what was reported as safe",
	.needs_mechanism = MECH_WRITES_HELD,
	.not_mechanism = MECH_MOMENTARY,
	.needs_filesystem = FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_RAW_READBACK,
	.steps = steps,
	.promises = promises,
};
