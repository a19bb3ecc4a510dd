/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot writes what is dirty (btrfs_start_delalloc_snapshot()) and then
 * shares all trees. What a device wrote through a pin is not dirty: read(2)
 * returns it, and the snapshot, of which a backup is made, does not hold it.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_fsync,
	&step_device_write,
	STEP_READ("seen", FILE_PINNED, VIEW_CACHED),
	&step_fsync,
	&step_snapshot,
	STEP_READ("snapshot", FILE_SNAPSHOT,
		  VIEW_RAW | VIEW_DIRECT | VIEW_CACHED),
	&step_unpin,
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 2,
		.text = "a snapshot holds what read(2) returned and fsync covered before",
		.source = "btrfs-subvolume(8), fsync(2)",
		.after = "seen",
		.observed = CONTENT_NEW,
		.step = "snapshot",
		.label = "snapshot",
		.required = CONTENT_NEW,
	},
	{0},
};

const struct scenario scenario_snapshot_after_write = {
	.name = "snapshot_after_write",
	.summary =
		"device write, fsync, then a snapshot of the filesystem: does it hold the data",
	.why = "the write takes no fault, the page stays clean, and the snapshot shares the blocks that were written before",
	.needs_mechanism = MECH_TYPICAL | MECH_WRITES_HELD,
	.not_mechanism = MECH_MOMENTARY,
	.needs_filesystem = FS_SNAPSHOT,
	.steps = steps,
	.promises = promises,
};
