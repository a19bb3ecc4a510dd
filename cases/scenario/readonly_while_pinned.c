/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A filesystem is remounted read-only when no file is open for writing
 * (sb_prepare_remount_readonly()); a pin is none. Made dirty at the release,
 * the page is written to the disk of the read-only filesystem, when it
 * overwrites what is there; where that needs a transaction it is lost, or
 * worse.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_unmap,
	&step_sync,
	&step_set_read_only,
	STEP_READ("readonly", FILE_PINNED, VIEW_RAW),
	&step_device_write,
	&step_unpin,
	&step_reopen,
	&step_write_back_readonly,
	/* btrfs repairs the page first, and this waits for it */
	STEP_READ("waited", FILE_PINNED, VIEW_DIRECT),
	&step_write_back_readonly,
	STEP_READ("waited", FILE_PINNED, VIEW_DIRECT),
	STEP_READ("readonly_later", FILE_PINNED, VIEW_RAW),
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 4,
		.text = "the disk of a read-only filesystem does not change",
		.source = "mount(2), MS_RDONLY",
		.after = "readonly",
		.observed = CONTENT_OLD,
		.step = "set_read_only",
		.label = "readonly_later",
		.required = CONTENT_OLD,
	},
	{0},
};

const struct scenario scenario_readonly_while_pinned = {
	.name = "readonly_while_pinned",
	.summary = "remount read-only, then device write: does the disk change",
	.why = "a pin is no open file, so the remount goes through, and nothing asks again when the page becomes dirty",
	.needs_mechanism = MECH_TYPICAL | MECH_WRITES,
	.not_mechanism = MECH_NO_WRITER | MECH_NOTIFIER | MECH_MOMENTARY,
	.needs_filesystem = FS_BLOCK_BACKED | FS_RAW_READBACK,
	.destructive = true,
	.steps = steps,
	.promises = promises,
};
