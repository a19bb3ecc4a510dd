/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

/* Table: the cells of one scenario, before they are laid out on a page. */

#include <stdio.h>
#include "report/names.h"
#include "report/report.h"

/** struct column - one filesystem on one kernel */
struct column {
	const struct run_kernel *kernel;
	const char *filesystem;
	unsigned int width;
};

/**
 * struct table - one scenario
 * @out, @run, @options, @scenario: set by the caller
 * @columns: kernel by kernel
 * @label: width of the row names
 * @detail: refusals show their errno
 */
struct table {
	FILE *out;
	const struct run *run;
	const struct report_options *options;
	const char *scenario;
	struct names rows;
	struct names filesystems;
	struct column *columns;
	size_t count;
	unsigned int label;
	bool detail;
};

/** table_build() - fill in rows, filesystems, columns; 0 or -ENOMEM */
int table_build(struct table *table);

/** table_done() - free what table_build() allocated */
void table_done(struct table *table);

/** table_record() - the record in @row of @column, or NULL */
const struct record *table_record(const struct table *table,
				  const struct column *column, const char *row);

/** table_group_end() - behind the last column of the kernel of @begin */
size_t table_group_end(const struct table *table, size_t begin);

/** table_print_errnos() - which rows were refused with what; 0 or -ENOMEM */
int table_print_errnos(const struct table *table);

#endif
