/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The kernels of a run as tables of GitHub-flavoured Markdown: all of it. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "report/escape.h"
#include "report/kernels.h"
#include "report/reporters.h"

/* A cell of a row that has begun. */
static void put_cell(FILE *out, const char *text)
{
	fputc(' ', out);
	escape_markdown(out, text);
	fputs(" |", out);
}

static void put_rule(FILE *out, size_t columns)
{
	fputs("\n|", out);
	for (size_t i = 0; i < columns; i++)
		fputs(" --- |", out);
	fputc('\n', out);
}

static int put_kernel(FILE *out, const struct kernels *kernels, size_t column)
{
	cleanup_free char *text = NULL;
	size_t size = 0;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		return -ENOMEM;
	kernels_put_column(line, kernels, column);
	if (fclose(line))
		return -ENOMEM;
	fputc('|', out);
	put_cell(out, kernels->columns[column].name);
	put_cell(out, text);
	fputc('\n', out);
	return 0;
}

static int put_kernels(FILE *out, const struct kernels *kernels)
{
	int ret = 0;

	fputs("# Kernels, from old to new\n\n| kernel | |", out);
	put_rule(out, 2);
	for (size_t i = 0; !ret && i < kernels->column_count; i++)
		ret = put_kernel(out, kernels, i);
	return ret;
}

static int put_history(FILE *out, const struct kernels *kernels,
		       const char *mechanism)
{
	struct kernels_history history;
	int ret = kernels_history(kernels, mechanism, &history);

	if (!ret) {
		fputc('|', out);
		put_cell(out, mechanism);
		put_cell(out, history.first ? history.first->name : "-");
		put_cell(out, history.text);
		fputc('\n', out);
	}
	free(history.text);
	return ret;
}

static int put_histories(FILE *out, const struct kernels *kernels)
{
	cleanup(names_done) struct names mechanism_names = {NULL};
	int ret = kernels_mechanisms(kernels, &mechanism_names);

	if (ret < 0 || !mechanism_names.count)
		return ret;
	fputs("\n## First refused by\n\n| mechanism | first | |", out);
	put_rule(out, 3);
	for (size_t i = 0; !ret && i < mechanism_names.count; i++)
		ret = put_history(out, kernels, mechanism_names.list[i]);
	return ret;
}

static int put_steps(FILE *out, const struct kernels *kernels, bool strict)
{
	int ret = 0;

	if (kernels->column_count < 2)
		return 0;
	fputs("\n## From one to the next\n\n| from | to | cells |", out);
	put_rule(out, 3);
	for (size_t i = 1; !ret && i < kernels->column_count; i++) {
		fputc('|', out);
		put_cell(out, kernels->columns[i - 1].name);
		put_cell(out, kernels->columns[i].name);
		fputc(' ', out);
		ret = kernels_step(out, kernels, i, strict);
		fputs(" |\n", out);
	}
	return ret;
}

static int put_row(FILE *out, const struct kernels *kernels,
		   const struct kernels_table *table,
		   const struct kernels_row *row)
{
	cleanup_free char *label = kernels_label(table, row);

	if (!label)
		return -ENOMEM;
	fputc('|', out);
	put_cell(out, label);
	for (size_t i = 0; i < kernels->column_count; i++) {
		char buf[KERNELS_TEXT_SIZE];

		put_cell(out, kernels_text(kernels, row->cell, i, buf));
	}
	fputc('\n', out);
	return 0;
}

static int put_table(FILE *out, const struct kernels *kernels,
		     const struct kernels_table *table)
{
	cleanup_free char *title = kernels_title(table);
	int ret = 0;

	if (!title)
		return -ENOMEM;
	if (!table->row_count)
		return 0;
	fputs("\n### ", out);
	escape_markdown(out, title);
	fputs("\n\n| cells |", out);
	for (size_t i = 0; i < kernels->column_count; i++)
		put_cell(out, kernels->columns[i].name);
	put_rule(out, kernels->column_count + 1);
	for (size_t i = 0; !ret && i < table->row_count; i++)
		ret = put_row(out, kernels, table, &table->rows[i]);
	return ret;
}

static int put_tables(FILE *out, const struct kernels *kernels)
{
	cleanup(kernels_tables_done) struct kernels_tables tables = {NULL};
	cleanup_free char *legend = kernels_legend(kernels);
	int ret = kernels_fold_all(kernels, false, &tables);

	if (!legend)
		return -ENOMEM;
	fputs("\n## Cells\n\n", out);
	escape_markdown(out, legend);
	fputc('\n', out);
	for (size_t i = 0; !ret && i < tables.count; i++)
		ret = put_table(out, kernels, &tables.list[i]);
	return ret;
}

int report_kernels_markdown(FILE *out, const struct run *run,
			    const struct report_options *options)
{
	cleanup(kernels_done) struct kernels kernels = {NULL};
	int ret = kernels_make(run, &kernels);

	if (!ret)
		ret = put_kernels(out, &kernels);
	if (!ret)
		ret = put_histories(out, &kernels);
	if (!ret)
		ret = put_steps(out, &kernels, options->strict);
	if (!ret && kernels.cell_count)
		ret = put_tables(out, &kernels);
	return ret < 0 ? ret : ferror(out) ? -EIO : 0;
}
