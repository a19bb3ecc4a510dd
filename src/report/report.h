/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/* Report: renders a run. Decides nothing; the journal is its only input. */

#include <stdbool.h>
#include <stdio.h>
#include "plan/plan.h"
#include "plan/shard.h"
#include "runner/record.h"

/**
 * struct report_options
 * @color: escape sequences for a terminal
 * @width: columns of the terminal; 0: unlimited
 * @strict: known issues count as failures
 */
struct report_options {
	bool color;
	unsigned int width;
	bool strict;
};

/** struct reporter - one output format */
struct reporter {
	const char *name;
	const char *summary;
	int (*render)(FILE *out, const struct run *run,
		      const struct report_options *options);
};

/** reporters - every format, ended by an entry without name */
extern const struct reporter reporters[];

/** reporter_find() - by name, or NULL */
const struct reporter *reporter_find(const char *name);

/** explain() - the recipe of a cell, for people */
int explain(FILE *out, const struct cell_id *id);

/**
 * list() - names and summaries of one axis, or cell ids
 * @what: mechanisms, filesystems, scenarios or cells
 * @shard: which of the cells
 */
int list(FILE *out, const char *what, const char *const *globs, size_t count,
	 const struct shard *shard, struct error *error);

#endif
