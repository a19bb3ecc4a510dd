/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The kernels of a run in plain text: a screen within a report, or all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/kernels.h"
#include "report/print.h"
#include "report/reporters.h"

#define GAP 2
#define INDENT 2
#define LABEL_COLUMNS 38
#define PROSE_COLUMNS 78

/**
 * struct sheet - tables under one heading
 * @label: columns of the row names
 * @widths: columns of each kernel
 */
struct sheet {
	FILE *out;
	const struct kernels *kernels;
	const struct report_options *options;
	struct kernels_tables tables;
	unsigned int label;
	unsigned int *widths;
};

static void sheet_done(struct sheet *sheet)
{
	kernels_tables_done(&sheet->tables);
	free(sheet->widths);
}

static void widen(unsigned int *width, size_t len)
{
	if (*width < len)
		*width = (unsigned int)len;
}

/* The name of a row in lines, the last one without its end, or NULL. */
static char *wrapped_label(const struct sheet *sheet,
			   const struct kernels_table *table,
			   const struct kernels_row *row)
{
	cleanup_free char *label = kernels_label(table, row);
	unsigned int half = sheet->options->width / 2;
	char *text = NULL;
	size_t size = 0;
	FILE *out = label ? open_memstream(&text, &size) : NULL;

	if (!out)
		return NULL;
	print_wrapped_at(out,
			 half && half < LABEL_COLUMNS ? half : LABEL_COLUMNS,
			 "  ", 2 * INDENT, label);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	text[strlen(text) - 1] = '\0';
	return text;
}

static const char *last_line(const char *text)
{
	const char *end = strrchr(text, '\n');

	return end ? end + 1 : text;
}

static int measure_row(struct sheet *sheet, const struct kernels_table *table,
		       const struct kernels_row *row)
{
	cleanup_free char *label = wrapped_label(sheet, table, row);

	if (!label)
		return -ENOMEM;
	/* cells stand beside the last line only */
	widen(&sheet->label, strlen(last_line(label)));
	for (size_t i = 0; i < sheet->kernels->column_count; i++) {
		char buf[KERNELS_TEXT_SIZE];

		widen(&sheet->widths[i],
		      strlen(kernels_text(sheet->kernels, row->cell, i, buf)));
	}
	return 0;
}

static int measure(struct sheet *sheet)
{
	const struct kernels *kernels = sheet->kernels;

	sheet->widths =
		calloc(kernels->column_count + 1, sizeof(*sheet->widths));
	if (!sheet->widths)
		return -ENOMEM;
	for (size_t i = 0; i < kernels->column_count; i++)
		widen(&sheet->widths[i], strlen(kernels->columns[i].name));
	for (size_t t = 0; t < sheet->tables.count; t++) {
		const struct kernels_table *table = &sheet->tables.list[t];

		for (size_t r = 0; r < table->row_count; r++)
			if (measure_row(sheet, table, &table->rows[r]) < 0)
				return -ENOMEM;
	}
	return 0;
}

/* As many kernels as fit, but at least one. */
static size_t block_end(const struct sheet *sheet, size_t begin)
{
	unsigned int width = sheet->label + GAP + sheet->widths[begin];
	size_t end = begin + 1;

	while (end < sheet->kernels->column_count) {
		width += GAP + sheet->widths[end];
		if (sheet->options->width && width > sheet->options->width)
			break;
		end++;
	}
	return end;
}

static void put_padded(FILE *out, unsigned int *pending, unsigned int width,
		       const char *text)
{
	size_t len = strlen(text);

	/* held back until something follows: no blanks at line ends */
	fprintf(out, "%*s", (int)*pending, "");
	print_line(out, text);
	*pending = len < width ? width - (unsigned int)len : 0;
}

static void put_heading(const struct sheet *sheet, size_t begin, size_t end)
{
	unsigned int pending = sheet->label;

	for (size_t i = begin; i < end; i++) {
		pending += GAP;
		put_padded(sheet->out, &pending, sheet->widths[i],
			   sheet->kernels->columns[i].name);
	}
	fputc('\n', sheet->out);
}

static int put_row(const struct sheet *sheet, const struct kernels_table *table,
		   const struct kernels_row *row, size_t begin, size_t end)
{
	cleanup_free char *label = wrapped_label(sheet, table, row);
	bool color = sheet->options->color;
	unsigned int pending = 0;
	const char *last;

	if (!label)
		return -ENOMEM;
	last = last_line(label);
	fwrite(label, 1, (size_t)(last - label), sheet->out);
	put_padded(sheet->out, &pending, sheet->label, last);
	for (size_t i = begin; i < end; i++) {
		const struct record *record = row->cell->records[i];
		char buf[KERNELS_TEXT_SIZE];
		const char *text =
			kernels_text(sheet->kernels, row->cell, i, buf);

		fprintf(sheet->out, "%*s%s", (int)(pending + GAP), "",
			record ? style_on(color, record->verdict) : "");
		pending = 0;
		put_padded(sheet->out, &pending, sheet->widths[i], text);
		fputs(record ? style_off(color) : "", sheet->out);
	}
	fputc('\n', sheet->out);
	return 0;
}

static int put_table(const struct sheet *sheet,
		     const struct kernels_table *table, size_t begin,
		     size_t end)
{
	cleanup_free char *title = kernels_title(table);

	if (!title)
		return -ENOMEM;
	if (!table->row_count)
		return 0;
	print_wrapped_at(sheet->out,
			 sheet->options->width ? sheet->options->width
					       : SIZE_MAX,
			 "", INDENT, title);
	for (size_t i = 0; i < table->row_count; i++)
		if (put_row(sheet, table, &table->rows[i], begin, end) < 0)
			return -ENOMEM;
	return 0;
}

static int put_blocks(const struct sheet *sheet)
{
	for (size_t begin = 0, end; begin < sheet->kernels->column_count;
	     begin = end) {
		end = block_end(sheet, begin);
		if (begin)
			fputc('\n', sheet->out);
		put_heading(sheet, begin, end);
		for (size_t i = 0; i < sheet->tables.count; i++)
			if (put_table(sheet, &sheet->tables.list[i], begin,
				      end) < 0)
				return -ENOMEM;
	}
	return 0;
}

static int put_sheet(FILE *out, const struct kernels *kernels,
		     const struct report_options *options, bool changed)
{
	cleanup(sheet_done) struct sheet sheet = {
		.out = out,
		.kernels = kernels,
		.options = options,
	};

	if (kernels_fold_all(kernels, changed, &sheet.tables) < 0 ||
	    measure(&sheet) < 0)
		return -ENOMEM;
	return put_blocks(&sheet);
}

static void put_title(FILE *out, const struct report_options *options,
		      const char *title)
{
	fprintf(out, "\n%s%s%s\n", style_bold(options->color), title,
		style_off(options->color));
}

static size_t prose_columns(const struct report_options *options)
{
	bool narrow = options->width && options->width < PROSE_COLUMNS;

	return narrow ? options->width : PROSE_COLUMNS;
}

static int put_legend(FILE *out, const struct kernels *kernels,
		      const struct report_options *options)
{
	cleanup_free char *legend = kernels_legend(kernels);

	if (!legend)
		return -ENOMEM;
	fputc('\n', out);
	print_wrapped_at(out, prose_columns(options), "", 0, legend);
	return 0;
}

/* @name, @first: columns of these */
static int put_history(FILE *out, const struct kernels *kernels,
		       const struct report_options *options,
		       const char *mechanism, unsigned int name,
		       unsigned int first)
{
	cleanup_free char *before = NULL;
	struct kernels_history history;
	int ret = kernels_history(kernels, mechanism, &history);

	if (!ret &&
	    asprintf(&before, "  %-*s  %-*s  ", (int)name, mechanism,
		     (int)first, history.first ? history.first->name : "-") < 0)
		ret = -ENOMEM;
	if (!ret)
		print_wrapped_at(out, prose_columns(options), before,
				 2 * INDENT, history.text);
	free(history.text);
	return ret;
}

static int put_histories(FILE *out, const struct kernels *kernels,
			 const struct report_options *options)
{
	cleanup(names_done) struct names mechanism_names = {NULL};
	unsigned int name = 0, first = 1;
	int ret = kernels_mechanisms(kernels, &mechanism_names);

	if (ret < 0 || !mechanism_names.count)
		return ret;
	put_title(out, options, "FIRST REFUSED BY");
	for (size_t i = 0; i < mechanism_names.count; i++)
		widen(&name, strlen(mechanism_names.list[i]));
	for (size_t i = 0; i < kernels->column_count; i++)
		widen(&first, strlen(kernels->columns[i].name));
	for (size_t i = 0; !ret && i < mechanism_names.count; i++)
		ret = put_history(out, kernels, options,
				  mechanism_names.list[i], name, first);
	return ret;
}

int kernels_print(FILE *out, const struct run *run,
		  const struct report_options *options)
{
	cleanup(kernels_done) struct kernels kernels = {NULL};
	int ret = run->kernel_count > 1 ? kernels_make(run, &kernels) : 0;

	if (ret < 0 || !kernels.cell_count)
		return ret;
	put_title(out, options, "KERNELS: admission, and what is not the same");
	ret = put_sheet(out, &kernels, options, true);
	if (!ret)
		ret = put_legend(out, &kernels, options);
	return ret ? ret : put_histories(out, &kernels, options);
}

static void put_kernels(FILE *out, const struct kernels *kernels)
{
	const struct run *run = kernels->run;

	print_lines(out, "gupcheck ", run->version, run->time ? ", " : NULL,
		    run->time);
	fputc('\n', out);
	for (size_t i = 0; i < kernels->column_count; i++) {
		print_lines(out, kernels->columns[i].name, ": ");
		kernels_put_column(out, kernels, i);
		fputc('\n', out);
	}
}

static int put_steps(FILE *out, const struct kernels *kernels,
		     const struct report_options *options)
{
	int ret = 0;

	if (kernels->column_count < 2)
		return 0;
	put_title(out, options, "FROM ONE TO THE NEXT");
	for (size_t i = 1; !ret && i < kernels->column_count; i++) {
		print_lines(out, "  ", kernels->columns[i - 1].name, " to ",
			    kernels->columns[i].name, ": ");
		ret = kernels_step(out, kernels, i, options->strict);
		fputc('\n', out);
	}
	return ret;
}

int report_kernels(FILE *out, const struct run *run,
		   const struct report_options *options)
{
	cleanup(kernels_done) struct kernels kernels = {NULL};
	int ret = kernels_make(run, &kernels);

	if (!ret)
		put_kernels(out, &kernels);
	if (!ret)
		ret = put_histories(out, &kernels, options);
	if (!ret)
		ret = put_steps(out, &kernels, options);
	if (!ret && kernels.cell_count) {
		put_title(out, options, "CELLS");
		ret = put_sheet(out, &kernels, options, false);
	}
	if (!ret && kernels.cell_count)
		ret = put_legend(out, &kernels, options);
	return ret < 0 ? ret : ferror(out) ? -EIO : 0;
}
