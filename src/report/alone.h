/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_ALONE_H
#define REPORT_ALONE_H

/* Alone: the command that runs one cell of a run by itself. */

#include "report/command-line.h"
#include "runner/record.h"

/**
 * alone_add() - the words of that command
 * @kernel: that the cell ran on, or NULL where the run does not say
 * @id: NULL: all words but the id
 *
 * A guest is named as the run was told to find it: a build tree has no other
 * name. Where the journal does not say, by its release.
 */
void alone_add(struct command_line *line, const struct run *run,
	       const struct run_kernel *kernel, const char *id);

/** alone_put() - the same on one line, without its end */
void alone_put(FILE *out, const struct run *run,
	       const struct run_kernel *kernel, const char *id);

#endif
