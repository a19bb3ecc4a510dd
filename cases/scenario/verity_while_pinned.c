/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fs-verity seals a file when nobody has it open for writing
 * (enable_verity(), deny_write_access()); a pin does not count. Pages are
 * verified when they are read from the disk: one that is in the cache is
 * believed. So a device write is first read back without an error, and once it
 * is on the disk the file cannot be read any more.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_unmap,
	&step_enable_verity,
	STEP_READ("sealed", FILE_PINNED, VIEW_CACHED),
	&step_device_write,
	STEP_READ("sealed_later", FILE_PINNED, VIEW_CACHED),
	&step_unpin,
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 4,
		.text = "what is read of a file with fs-verity is what was sealed, or an error",
		.source = "Documentation/filesystems/fsverity.rst",
		.after = "sealed",
		.observed = CONTENT_OLD,
		.step = "enable_verity",
		.label = "sealed_later",
		.required = CONTENT_OLD,
	},
	{0},
};

const struct scenario scenario_verity_while_pinned = {
	.name = "verity_while_pinned",
	.summary =
		"seal the pinned file with fs-verity, then device write: is it read without an error",
	.why = "a pin is no open file, so the seal is granted, and a page in the cache is not verified again",
	.needs_mechanism = MECH_TYPICAL | MECH_WRITES_HELD,
	.not_mechanism = MECH_READS_ONLY | MECH_NO_WRITER | MECH_NOTIFIER |
			 MECH_MOMENTARY,
	.needs_filesystem = FS_VERITY,
	.steps = steps,
	.promises = promises,
};
