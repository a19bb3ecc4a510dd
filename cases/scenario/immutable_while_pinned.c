/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An immutable file cannot be opened for writing by anybody, and a store
 * through an older mapping of it is met by page_mkwrite (ext4_page_mkwrite()
 * and generic_remap_checks() look at IS_IMMUTABLE()). A device write through an
 * older pin meets nobody.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_unmap,
	&step_set_immutable,
	STEP_READ("sealed", FILE_PINNED, VIEW_RAW | VIEW_CACHED),
	&step_device_write,
	&step_unpin,
	&step_reopen,
	&step_fsync,
	STEP_READ("sealed_later", FILE_PINNED, VIEW_RAW | VIEW_CACHED),
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 4,
		.text = "an immutable file does not change",
		.source = "ioctl_iflags(2), FS_IMMUTABLE_FL",
		.after = "sealed",
		.observed = CONTENT_OLD,
		.step = "set_immutable",
		.label = "sealed_later",
		.required = CONTENT_OLD,
	},
	{0},
};

const struct scenario scenario_immutable_while_pinned = {
	.name = "immutable_while_pinned",
	.summary =
		"make the pinned file immutable, then device write: does it change",
	.why = "the flag is looked at when a file is opened and when a store faults; a pin is past both",
	.needs_mechanism = MECH_TYPICAL | MECH_WRITES,
	.not_mechanism = MECH_NO_WRITER | MECH_NOTIFIER | MECH_MOMENTARY,
	.needs_filesystem = FS_IMMUTABLE,
	.steps = steps,
	.promises = promises,
};
