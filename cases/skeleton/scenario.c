/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens, which kernel function is at fault, and why the promise below
 * binds it.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_device_write,
	STEP_READ("seen", FILE_PINNED, VIEW_CACHED),
	&step_unpin,
	&step_fsync,
	STEP_READ("disk", FILE_PINNED, VIEW_RAW | VIEW_DIRECT | VIEW_CACHED),
	0,
};

static const struct promise promises[] = {
	{
		.invariant = 2,
		.text = "the promise in one sentence",
		.source = "where it is documented",
		.after = "seen",
		.observed = CONTENT_NEW,
		.step = "fsync",
		.label = "disk",
		.required = CONTENT_NEW,
	},
	{0},
};

const struct scenario scenario_NAME = {
	.name = "NAME",
	.summary = "one line without a full stop",
	.why = "what goes wrong",
	.needs_filesystem = FS_TRACKS_DIRTY,
	.steps = steps,
	.promises = promises,
};
