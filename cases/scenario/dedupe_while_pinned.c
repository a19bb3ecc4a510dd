/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FIDEDUPERANGE lets two files share blocks when both hold the same. It
 * compares the page cache and exchanges what is on the disk, after it has
 * written what is dirty. A device write changes the page and leaves it clean:
 * the cache holds the data of the other file, the disk does not, and the other
 * file's data is replaced by what lay on the disk (xfs_reflink_remap_prep(),
 * btrfs_remap_file_range_prep()). A file that nobody pinned or wrote is
 * destroyed.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_write_alike,
	STEP_READ("innocent", FILE_OTHER, VIEW_CACHED),
	&step_pin,
	&step_fsync,
	&step_device_write,
	&step_dedupe,
	&step_sync,
	&step_forget,
	STEP_READ("innocent_later", FILE_OTHER,
		  VIEW_RAW | VIEW_DIRECT | VIEW_CACHED),
	&step_unpin,
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 3,
		.text = "deduplication changes the contents of no file",
		.source = "ioctl_fideduperange(2)",
		.after = "innocent",
		.observed = CONTENT_NEW,
		.step = "dedupe",
		.label = "innocent_later",
		.required = CONTENT_NEW,
	},
	{0},
};

const struct scenario scenario_dedupe_while_pinned = {
	.name = "dedupe_while_pinned",
	.summary =
		"device write, then share blocks with a file that holds the same: is that file destroyed",
	.why = "the page is clean in the eyes of the filesystem, so the comparison looks at new data and the exchange takes the old",
	.needs_mechanism = MECH_TYPICAL | MECH_WRITES_HELD,
	.not_mechanism = MECH_MOMENTARY,
	.needs_filesystem = FS_REFLINK,
	.steps = steps,
	.promises = promises,
};
