/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/print.h"
#include "report/table.h"

const struct record *table_record(const struct table *table,
				  const struct column *column, const char *row)
{
	const char *variant = strchrnul(row, '@');
	char id[3 * PART_SIZE];

	snprintf(id, sizeof(id), "%.*s/%s/%s%s", (int)(variant - row), row,
		 column->filesystem, table->scenario, variant);
	return run_find(table->run, column->kernel->release, id);
}

size_t table_group_end(const struct table *table, size_t begin)
{
	size_t end = begin;

	while (end < table->count &&
	       table->columns[end].kernel == table->columns[begin].kernel)
		end++;
	return end;
}

static bool row_refused_with(const struct table *table, size_t begin,
			     const char *row, const char *error)
{
	for (size_t c = begin; c < table_group_end(table, begin); c++) {
		const struct record *record =
			table_record(table, &table->columns[c], row);

		if (record && record->verdict == VERDICT_REFUSED &&
		    record->error && !strcmp(record->error, error))
			return true;
	}
	return false;
}

static void print_refusals(const struct table *table, size_t begin,
			   const char *error)
{
	const char *before = " ";

	print_lines(table->out, "refused with ", error);
	if (table->run->kernel_count > 1)
		print_lines(table->out, " on ",
			    table->columns[begin].kernel->release);
	fputc(':', table->out);
	for (size_t r = 0; r < table->rows.count; r++) {
		const char *row = table->rows.list[r];

		if (!row_refused_with(table, begin, row, error))
			continue;
		print_lines(table->out, before, row);
		before = ", ";
	}
	fputc('\n', table->out);
}

/* What the cells had no room for. */
int table_print_errnos(const struct table *table)
{
	for (size_t begin = 0; begin < table->count;
	     begin = table_group_end(table, begin)) {
		cleanup(names_done) struct names errors = {NULL};
		const char *kernel = table->columns[begin].kernel->release;

		for (size_t i = 0; i < table->run->record_count; i++) {
			const struct record *record = &table->run->records[i];
			struct id_parts parts;

			id_split(record->id, &parts);
			if (record->verdict == VERDICT_REFUSED &&
			    record->error && !strcmp(record->kernel, kernel) &&
			    !strcmp(parts.scenario, table->scenario) &&
			    names_add(&errors, record->error) < 0)
				return -ENOMEM;
		}
		for (size_t i = 0; i < errors.count; i++)
			print_refusals(table, begin, errors.list[i]);
	}
	return 0;
}

/* Rows and filesystems of the scenario; whether @kernel has any of its cells.
 */
static int collect(struct table *table, const struct run_kernel *kernel,
		   bool *ret_any)
{
	*ret_any = false;
	for (size_t i = 0; i < table->run->record_count; i++) {
		const struct record *record = &table->run->records[i];
		struct id_parts parts;

		id_split(record->id, &parts);
		if (strcmp(parts.scenario, table->scenario) ||
		    strcmp(record->kernel, kernel->release))
			continue;
		*ret_any = true;
		if (names_add(&table->rows, parts.row) < 0 ||
		    names_add(&table->filesystems, parts.filesystem) < 0)
			return -ENOMEM;
	}
	return 0;
}

static void add_columns(struct table *table, const struct run_kernel *kernel)
{
	for (size_t f = 0; f < table->filesystems.count; f++)
		table->columns[table->count++] = (struct column){
			.kernel = kernel,
			.filesystem = table->filesystems.list[f],
		};
}

int table_build(struct table *table)
{
	const struct run *run = table->run;
	cleanup_free bool *any = calloc(run->kernel_count + 1, sizeof(*any));

	if (!any)
		return -ENOMEM;
	for (size_t k = 0; k < run->kernel_count; k++)
		if (collect(table, &run->kernels[k], &any[k]) < 0)
			return -ENOMEM;

	table->columns =
		calloc(run->kernel_count * table->filesystems.count + 1,
		       sizeof(*table->columns));
	if (!table->columns)
		return -ENOMEM;
	for (size_t k = 0; k < run->kernel_count; k++)
		if (any[k])
			add_columns(table, &run->kernels[k]);
	return 0;
}

void table_done(struct table *table)
{
	names_done(&table->rows);
	names_done(&table->filesystems);
	free(table->columns);
	table->columns = NULL;
}
