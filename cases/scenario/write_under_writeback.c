/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * While a page is under writeback it has to stand still where the filesystem
 * says so (mapping_stable_writes()): its checksum has been computed, its
 * parity, its copy on the other mirror. A store waits for that in page_mkwrite
 * (folio_wait_stable(), mm/page-writeback.c). A device write does not: what is
 * on the disk then is not what was summed, and can never be read again.
 */
#include <gupcheck/steps.h>

static const struct step *const steps[] = {
	&step_map,
	&step_fault_in,
	&step_pin,
	&step_suspend,
	&step_start_writeback,
	&step_device_write_may_wait,
	&step_resume,
	&step_fsync,
	STEP_READ("disk", FILE_PINNED, VIEW_DIRECT),
	&step_unpin,
	NULL,
};

static const struct promise promises[] = {
	{
		.invariant = 5,
		.text = "what is written back stands still meanwhile, so that it fits its checksum",
		.source =
			"Documentation/ABI/stable/sysfs-block, queue/stable_writes",
		.step = "start_writeback",
		.label = "disk",
		.readable = true,
	},
	{0},
};

static const char *const links[] = {
	"https://docs.kernel.org/core-api/pin_user_pages.html",
	NULL,
};

const struct scenario scenario_write_under_writeback = {
	.name = "write_under_writeback",
	.summary =
		"device write while the page is being written back: does it still fit its checksum",
	.why = "the write takes no fault, so nothing makes it wait for the end of writeback",
	.links = links,
	.require =
		"module:dm_mod@CONFIG_BLK_DEV_DM & device:/dev/mapper/control@CONFIG_BLK_DEV_DM & path:/proc/kpageflags@CONFIG_PROC_PAGE_MONITOR",
	.needs_mechanism = MECH_WRITES_HELD,
	.not_mechanism = MECH_MOMENTARY,
	.needs_filesystem = FS_CHECKSUMS | FS_BLOCK_BACKED | FS_DIRECT_IO,
	.suspendable = true,
	.rounds = 5,
	.steps = steps,
	.promises = promises,
};
