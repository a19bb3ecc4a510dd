/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_STEPS_H
#define GUPCHECK_STEPS_H

/*
 * The common steps. Before the first one the cell has mounted the filesystem,
 * written old data to FILE_PINNED and synced it; the control pin on anonymous
 * memory is taken and released right before `pin`.
 */

#include <gupcheck/filesystem.h>
#include <gupcheck/mechanism.h>
#include <gupcheck/scenario.h>

/* in the worker */
extern const struct step step_map; /* mmap the pinned file */
extern const struct step step_fault_in; /* store to every page of it */
extern const struct step step_pin; /* pin it */
extern const struct step step_fsync; /* fsync the file */
extern const struct step step_unmap; /* munmap and close the file */
extern const struct step step_device_write; /* device write, checked to land */
extern const struct step step_device_write_may_wait; /* the same, may block */
extern const struct step
	step_start_writeback; /* until all pages are under it */
extern const struct step
	step_device_read; /* what the pin sees, label "device" */
extern const struct step step_unpin; /* release the pin */
extern const struct step step_seal; /* F_SEAL_WRITE, may be refused */
extern const struct step step_seal_at_last; /* F_SEAL_WRITE, works */
extern const struct step step_write_back; /* sync_file_range, may block */
extern const struct step
	step_write_back_readonly; /* the same, may be refused */
extern const struct step step_reopen; /* open it again, read-only */
extern const struct step step_lease; /* take a read lease */
extern const struct step
	step_shrink_and_grow; /* ftruncate into the last page, and back */

/* in the cell */
extern const struct step step_reflink; /* FICLONE into FILE_OTHER, sync */
extern const struct step step_write_alike; /* FILE_OTHER: what will land */
extern const struct step step_dedupe; /* FIDEDUPERANGE into FILE_OTHER */
extern const struct step step_snapshot; /* of the filesystem */
extern const struct step step_set_read_only; /* remount */
extern const struct step step_set_immutable; /* FILE_PINNED */
extern const struct step step_enable_verity; /* FILE_PINNED */
extern const struct step step_freeze; /* FIFREEZE */
extern const struct step step_thaw; /* FITHAW */
extern const struct step step_move_extent; /* swap extents with FILE_OTHER */
extern const struct step step_drop_caches; /* drop what is clean, twice */
extern const struct step step_forget; /* drop FILE_OTHER's cache */
extern const struct step step_remount; /* unmount and mount again */
extern const struct step step_sync; /* syncfs */
extern const struct step step_suspend; /* the device, see @suspendable */
extern const struct step step_resume; /* the device */

/** STEP_READ() - read @file_role back through @view_mask, recorded as @tag */
#define STEP_READ(tag, file_role, view_mask) \
	(&(const struct step){               \
		.name = "read",              \
		.summary = "read it back",   \
		.in_cell = step_run_read,    \
		.label = (tag),              \
		.file = (file_role),         \
		.views = (view_mask),        \
	})

/**
 * PROMISE_SYNCED() - what fsync owes
 * @tag: label of the read of the disk; the one before it is labelled "seen",
 *	the step between them is step_fsync
 */
#define PROMISE_SYNCED(tag)                                                               \
	{                                                                                 \
		.invariant = 2,                                                           \
		.text = "what read(2) returned and a later fsync covered is on the disk", \
		.source = "fsync(2)", .after = "seen",                                    \
		.observed = CONTENT_NEW, .step = "fsync", .label = (tag),                 \
		.required = CONTENT_NEW,                                                  \
	}

int step_run_read(struct cell *cell, const struct step *step);

#endif
