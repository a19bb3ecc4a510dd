/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whoever gets a memfd with F_SEAL_WRITE relies on it: what was checked does
 * not change any more. A page that somebody else holds would, so the seal has
 * to wait until nobody does, and is refused after a while
 * (memfd_wait_for_pins(), mm/memfd.c).
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_unmap,
	&step_seal,
	STEP_READ("sealed", FILE_PINNED, VIEW_CACHED),
	&step_device_write,
	STEP_READ("sealed_later", FILE_PINNED, VIEW_CACHED),
	&step_unpin,
	&step_seal_at_last,
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 4,
		.text = "a file with F_SEAL_WRITE does not change",
		.source = "fcntl(2), F_SEAL_WRITE",
		.after = "sealed",
		.observed = CONTENT_OLD,
		.step = "seal",
		.may_refuse = true,
		.label = "sealed_later",
		.required = CONTENT_OLD,
	},
	{0},
};

const struct scenario scenario_seal_while_pinned = {
	.name = "seal_while_pinned",
	.summary =
		"seal a memfd, then device write: does the sealed file change",
	.why = "a pin outlives the mapping that it was made through, so that no mapping stands against the seal",
	.needs_mechanism = MECH_WRITES,
	.not_mechanism = MECH_NO_WRITER | MECH_NOTIFIER | MECH_MOMENTARY,
	.needs_filesystem = FS_MEMFD,
	.flags = VARIANT_MEMFD,
	.steps = steps,
	.promises = promises,
};
