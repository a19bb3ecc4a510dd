/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/matrix.h"
#include "report/print.h"
#include "report/table.h"

#define GAP 2
#define CELL_SIZE 64

static const char *cell_text(const struct table *table,
			     const struct record *record, char buf[CELL_SIZE])
{
	bool detail = table->detail && record &&
		      record->verdict == VERDICT_REFUSED && record->error;

	if (!record)
		return "-";
	snprintf(buf, CELL_SIZE, "%s%s%s%s", record_word(record),
		 detail ? " " : "", detail ? record->error : "",
		 record_mark(record));
	return buf;
}

static unsigned int max(unsigned int a, size_t b)
{
	return a > b ? a : (unsigned int)b;
}

/* Column widths follow from the style, so they are computed for each. */
static void measure(struct table *table, bool detail)
{
	table->detail = detail;
	table->label = 0;
	for (size_t r = 0; r < table->rows.count; r++)
		table->label = max(table->label, strlen(table->rows.list[r]));

	for (size_t c = 0; c < table->count; c++) {
		struct column *column = &table->columns[c];

		column->width = max(0, strlen(column->filesystem));
		for (size_t r = 0; r < table->rows.count; r++) {
			char buf[CELL_SIZE];
			const char *text =
				cell_text(table,
					  table_record(table, column,
						       table->rows.list[r]),
					  buf);

			column->width = max(column->width, strlen(text));
		}
	}
}

static unsigned int columns_width(const struct table *table, size_t begin,
				  size_t end)
{
	unsigned int width = 0;

	for (size_t c = begin; c < end; c++)
		width += GAP + table->columns[c].width;
	return width;
}

/* A kernel's name may need more room than its columns. */
static void widen_groups(struct table *table)
{
	for (size_t begin = 0, end; begin < table->count; begin = end) {
		unsigned int width, name;

		end = table_group_end(table, begin);
		width = columns_width(table, begin, end);
		name = GAP +
		       max(0, strlen(table->columns[begin].kernel->release));
		if (width < name)
			table->columns[end - 1].width += name - width;
	}
}

/* Padding is held back until something follows: no blanks at line ends. */
struct pen {
	FILE *out;
	unsigned int pending;
};

static void pen_put(struct pen *pen, const char *on, const char *text,
		    const char *off, unsigned int width)
{
	size_t len = strlen(text);

	fprintf(pen->out, "%*s%s", (int)pen->pending, "", on);
	print_line(pen->out, text);
	fputs(off, pen->out);
	pen->pending = len < width ? width - (unsigned int)len : 0;
}

static void pen_gap(struct pen *pen, const struct table *table, size_t column,
		    size_t begin)
{
	bool border =
		column > begin && table->columns[column].kernel !=
					  table->columns[column - 1].kernel;

	pen->pending += GAP;
	if (border) {
		pen_put(pen, "", "|", "", 1);
		pen->pending += GAP;
	}
}

static void print_kernels(const struct table *table, size_t begin, size_t end)
{
	struct pen pen = {table->out, table->label};

	for (size_t c = begin; c < end;) {
		size_t next = table_group_end(table, c);
		unsigned int width;

		next = next < end ? next : end;
		width = columns_width(table, c, next) - GAP;
		pen_gap(&pen, table, c, begin);
		pen_put(&pen, "", table->columns[c].kernel->release, "", width);
		c = next;
	}
	fputc('\n', table->out);
}

static void print_filesystems(const struct table *table, size_t begin,
			      size_t end)
{
	struct pen pen = {table->out, table->label};

	for (size_t c = begin; c < end; c++) {
		pen_gap(&pen, table, c, begin);
		pen_put(&pen, "", table->columns[c].filesystem, "",
			table->columns[c].width);
	}
	fputc('\n', table->out);
}

static void print_row(const struct table *table, const char *row, size_t begin,
		      size_t end)
{
	bool color = table->options->color;
	struct pen pen = {table->out, 0};

	pen_put(&pen, "", row, "", table->label);
	for (size_t c = begin; c < end; c++) {
		const struct column *column = &table->columns[c];
		const struct record *record = table_record(table, column, row);
		char buf[CELL_SIZE];
		const char *text = cell_text(table, record, buf);

		pen_gap(&pen, table, c, begin);
		pen_put(&pen, record ? style_on(color, record->verdict) : "",
			text, record ? style_off(color) : "", column->width);
	}
	fputc('\n', table->out);
}

static void print_block(const struct table *table, size_t begin, size_t end)
{
	print_kernels(table, begin, end);
	print_filesystems(table, begin, end);
	for (size_t r = 0; r < table->rows.count; r++)
		print_row(table, table->rows.list[r], begin, end);
}

/* Widths of @begin to @end with row names and the bars between kernels. */
static unsigned int block_width(const struct table *table, size_t begin,
				size_t end)
{
	unsigned int width = table->label + columns_width(table, begin, end);

	for (size_t c = begin + 1; c < end; c++)
		if (table->columns[c].kernel != table->columns[c - 1].kernel)
			width += GAP + 1;
	return width;
}

static bool fits(const struct table *table, size_t begin, size_t end)
{
	return !table->options->width ||
	       block_width(table, begin, end) <= table->options->width;
}

static bool kernels_fit(const struct table *table)
{
	for (size_t begin = 0, end; begin < table->count; begin = end) {
		end = table_group_end(table, begin);
		if (!fits(table, begin, end))
			return false;
	}
	return true;
}

/* As many columns as fit, but at least one, and only of one kernel. */
static size_t narrow_end(const struct table *table, size_t begin)
{
	size_t end = table_group_end(table, begin);

	while (end > begin + 1 && !fits(table, begin, end))
		end--;
	return end;
}

static void lay_out(struct table *table)
{
	for (int detail = 1; detail >= 0; detail--) {
		measure(table, detail);
		widen_groups(table);
		if (fits(table, 0, table->count)) {
			print_block(table, 0, table->count);
			return;
		}
	}
	measure(table, true);
	if (!kernels_fit(table))
		measure(table, false);
	for (size_t begin = 0, end; begin < table->count; begin = end) {
		end = narrow_end(table, begin);
		if (begin)
			fputc('\n', table->out);
		print_block(table, begin, end);
	}
}

static int table_print(struct table *table)
{
	const char *on = style_bold(table->options->color);

	fprintf(table->out, "\n%s", on);
	print_line(table->out, table->scenario);
	fprintf(table->out, "%s\n", style_off(table->options->color));
	lay_out(table);
	return table->detail ? 0 : table_print_errnos(table);
}

static int scenario_print(FILE *out, const struct run *run,
			  const struct report_options *options,
			  const char *scenario)
{
	struct table table = {
		.out = out,
		.run = run,
		.options = options,
		.scenario = scenario,
	};
	int ret = table_build(&table);

	if (!ret)
		ret = table_print(&table);
	table_done(&table);
	return ret;
}

int matrix_print(FILE *out, const struct run *run,
		 const struct report_options *options)
{
	cleanup(names_done) struct names scenario_names = {NULL};

	for (size_t i = 0; i < run->record_count; i++) {
		struct id_parts parts;

		id_split(run->records[i].id, &parts);
		if (names_add(&scenario_names, parts.scenario) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < scenario_names.count; i++) {
		int ret = scenario_print(out, run, options,
					 scenario_names.list[i]);

		if (ret < 0)
			return ret;
	}
	return 0;
}
