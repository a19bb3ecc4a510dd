/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Releasing the pin marks the page dirty, so that a later fsync writes it: the
 * least that every mechanism that writes owes its user.
 *
 * btrfs finds such a page at writeback and leaves it to a worker
 * (btrfs_writepage_fixup_worker()), for which fsync does not wait: whether it
 * wins is a race, so the steps are run until it has lost, many times at the
 * most.
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
	NULL,
};

static const struct promise promises[] = {
	PROMISE_SYNCED("disk"),
	{0},
};

const struct scenario scenario_fsync_after_unpin = {
	.name = "fsync_after_unpin",
	.summary = "device write, unpin, fsync: it must be on the disk",
	.why = "the page was clean when the device wrote; unless the release makes it dirty, fsync writes nothing",
	.needs_filesystem = FS_TRACKS_DIRTY,
	.rounds = 100,
	.steps = steps,
	.promises = promises,
};
