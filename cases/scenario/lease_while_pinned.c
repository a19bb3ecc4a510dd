/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A read lease is granted when nobody has the file open for writing
 * (check_conflicting_open() looks at i_writecount); a pin does not count. A
 * file server lets its clients cache the file as long as it holds the lease,
 * and a device write breaks none.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,	    &step_fault_in,
	&step_pin,	    &step_fsync,
	&step_unmap,	    &step_reopen,
	&step_lease,	    STEP_READ("leased", FILE_PINNED, VIEW_CACHED),
	&step_device_write, STEP_READ("leased_later", FILE_PINNED, VIEW_CACHED),
	&step_unpin,	    NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 4,
		.text = "nobody writes a file while a read lease is held and not broken",
		.source = "fcntl(2), F_SETLEASE, F_RDLCK",
		.after = "leased",
		.observed = CONTENT_OLD,
		.step = "lease",
		.label = "leased_later",
		.required = CONTENT_OLD,
	},
	{0},
};

const struct scenario scenario_lease_while_pinned = {
	.name = "lease_while_pinned",
	.summary =
		"take a read lease on the pinned file, then device write: does it change under the lease",
	.why = "a pin is no open file, so the lease is granted, and nothing breaks it",
	.needs_mechanism = MECH_TYPICAL | MECH_WRITES_HELD,
	.not_mechanism = MECH_READS_ONLY | MECH_NO_WRITER | MECH_NOTIFIER |
			 MECH_MOMENTARY,
	.needs_filesystem = FS_TRACKS_DIRTY | FS_TYPICAL,
	.steps = steps,
	.promises = promises,
};
