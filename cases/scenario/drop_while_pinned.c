/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nothing but the pin holds the page: it is unmapped, clean, and the caches are
 * dropped. Up to 5.10 ext4's buffers go (try_to_release_page()) while the pin
 * keeps the page itself; made dirty at the release, it is warned about and
 * lost. Later kernels leave pages alone that somebody else holds
 * (mapping_evict_folio()).
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_unmap,
	&step_drop_caches,
	&step_device_write,
	STEP_READ("seen", FILE_PINNED, VIEW_CACHED),
	&step_unpin,
	&step_fsync,
	&step_remount,
	STEP_READ("disk", FILE_PINNED, VIEW_RAW | VIEW_DIRECT | VIEW_CACHED),
	NULL,
};

static const struct promise promises[] = {
	PROMISE_SYNCED("disk"),
	{0},
};

const struct scenario scenario_drop_while_pinned = {
	.name = "drop_while_pinned",
	.summary = "munmap and drop caches, then device write: is it kept",
	.why = "the pin keeps the page, but not what the filesystem attached to it",
	.not_mechanism = MECH_NOTIFIER | MECH_MOMENTARY,
	.destructive = true,
	.steps = steps,
	.promises = promises,
};
