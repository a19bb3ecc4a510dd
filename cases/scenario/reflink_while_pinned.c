/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After FICLONE both files share their blocks. An ordinary store to one of them
 * faults, and the filesystem gives that file a new block. A device write does
 * not fault: on XFS the page, marked dirty at the release, is written into the
 * shared block (xfs_map_blocks(), no copy-on-write reservation there).
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_reflink,
	STEP_READ("clone", FILE_OTHER, VIEW_RAW | VIEW_DIRECT | VIEW_CACHED),
	&step_device_write,
	&step_unpin,
	&step_fsync,
	&step_sync,
	&step_forget,
	STEP_READ("clone_later", FILE_OTHER,
		  VIEW_RAW | VIEW_DIRECT | VIEW_CACHED),
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 3,
		.text = "a clone does not change when its origin is written",
		.source = "ioctl_ficlonerange(2)",
		.after = "clone",
		.observed = CONTENT_OLD,
		.step = "reflink",
		.label = "clone_later",
		.required = CONTENT_OLD,
	},
	{0},
};

const struct scenario scenario_reflink_while_pinned = {
	.name = "reflink_while_pinned",
	.summary =
		"clone the pinned file, then device write: does the clone change",
	.why = "without page_mkwrite nobody reserves a new block, and writeback overwrites the one that the clone uses",
	.not_mechanism = MECH_MOMENTARY,
	.needs_filesystem = FS_REFLINK,
	.steps = steps,
	.promises = promises,
};
