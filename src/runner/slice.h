/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_SLICE_H
#define RUNNER_SLICE_H

/* Slice: what a journal holds of one cell, as a journal of its own. */

#include "runner/journal.h"

/**
 * slice_write() - write the slice of @record
 * @path: the journal, as for journal_load()
 * @dir: a folder without a journal; made where it is missing
 *
 * The slice holds what was written of the cell and of its kernel. It reads like
 * a run of that cell alone: its plan and its command name no other. An image is
 * named as if it were in @dir itself; it is not copied.
 *
 * Return: 0, or -errno with a line of @error.
 */
int slice_write(const char *path, const struct record *record, const char *dir,
		struct error *error);

#endif
