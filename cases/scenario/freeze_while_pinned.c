/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FIFREEZE promises a disk that stands still, for a snapshot of the device. An
 * ordinary store waits in sb_start_pagefault() until the thaw. A device write
 * does not fault; made dirty at the release, the page is written to the frozen
 * disk when it overwrites a block that is there (no transaction needed).
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_sync,
	&step_freeze,
	STEP_READ("frozen", FILE_PINNED, VIEW_RAW),
	&step_device_write,
	&step_unpin,
	&step_write_back,
	STEP_READ("frozen_later", FILE_PINNED, VIEW_RAW),
	&step_thaw,
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 4,
		.text = "the disk of a frozen filesystem does not change",
		.source = "ioctl_fifreeze(2), fsfreeze(8)",
		.after = "frozen",
		.observed = CONTENT_OLD,
		.step = "freeze",
		.label = "frozen_later",
		.required = CONTENT_OLD,
	},
	{0},
};

const struct scenario scenario_freeze_while_pinned = {
	.name = "freeze_while_pinned",
	.summary = "freeze, then device write: does the frozen disk change",
	.why = "the write takes no fault, so nothing makes it wait for the thaw",
	.needs_mechanism = MECH_WRITES,
	.not_mechanism = MECH_NO_WRITER | MECH_NOTIFIER | MECH_MOMENTARY,
	.needs_filesystem = FS_FREEZE | FS_RAW_READBACK,
	.steps = steps,
	.promises = promises,
};
