/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FICLONE writes what is dirty and then shares what is on the disk. What a
 * device wrote through a pin is not dirty: read(2) returns it, and the clone
 * that is made afterwards does not hold it.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_device_write,
	STEP_READ("seen", FILE_PINNED, VIEW_CACHED),
	&step_reflink,
	STEP_READ("clone", FILE_OTHER, VIEW_RAW | VIEW_DIRECT | VIEW_CACHED),
	&step_unpin,
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 2,
		.text = "a clone holds what read(2) returned of its origin before",
		.source = "ioctl_ficlonerange(2)",
		.after = "seen",
		.observed = CONTENT_NEW,
		.step = "reflink",
		.label = "clone",
		.required = CONTENT_NEW,
	},
	{0},
};

const struct scenario scenario_reflink_after_write = {
	.name = "reflink_after_write",
	.summary =
		"device write, then clone the pinned file: does the clone hold it",
	.why = "the write takes no fault, the page stays clean, and the clone shares the blocks that were written before",
	.needs_mechanism = MECH_TYPICAL | MECH_WRITES_HELD,
	.not_mechanism = MECH_MOMENTARY,
	.needs_filesystem = FS_REFLINK,
	.steps = steps,
	.promises = promises,
};
