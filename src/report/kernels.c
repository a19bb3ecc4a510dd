/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/release.h"
#include "report/compare.h"
#include "report/kernels.h"
#include "report/print.h"

static int older(const void *a, const void *b)
{
	const struct kernels_column *left = a, *right = b;

	return release_order(left->kernel->release, right->kernel->release);
}

/* The length of the first @numbers numbers, or of all that there is. */
static size_t numbers_length(const char *release, unsigned int numbers)
{
	size_t len = 0;

	while (numbers--) {
		size_t digits = strspn(release + len, "0123456789");

		if (!digits)
			return strlen(release);
		len += digits;
		if (numbers && release[len++] != '.')
			return strlen(release);
	}
	return len;
}

static bool is_beginning_of_another(const struct kernels *kernels,
				    size_t column, size_t len)
{
	const char *release = kernels->columns[column].kernel->release;

	for (size_t i = 0; i < kernels->column_count; i++) {
		const char *other = kernels->columns[i].kernel->release;

		if (i != column && !strncmp(release, other, len) &&
		    !isdigit((unsigned char)other[len]))
			return true;
	}
	return false;
}

static int name_column(struct kernels *kernels, size_t column)
{
	const char *release = kernels->columns[column].kernel->release;
	size_t len = numbers_length(release, 2);

	if (is_beginning_of_another(kernels, column, len))
		len = numbers_length(release, 3);
	if (is_beginning_of_another(kernels, column, len))
		len = strlen(release);
	kernels->columns[column].name = strndup(release, len);
	return kernels->columns[column].name ? 0 : -ENOMEM;
}

static int make_columns(struct kernels *kernels)
{
	const struct run *run = kernels->run;
	int ret = 0;

	kernels->columns =
		calloc(run->kernel_count + 1, sizeof(*kernels->columns));
	if (!kernels->columns)
		return -ENOMEM;
	for (size_t i = 0; i < run->kernel_count; i++)
		kernels->columns[i] = (struct kernels_column){
			.kernel = &run->kernels[i],
			.untrusted = run_canary_broken(run, &run->kernels[i]),
		};
	kernels->column_count = run->kernel_count;
	qsort(kernels->columns, kernels->column_count,
	      sizeof(*kernels->columns), older);
	for (size_t i = 0; !ret && i < kernels->column_count; i++)
		ret = name_column(kernels, i);
	return ret;
}

static bool tracks_dirty(const char *name)
{
	const struct filesystem *filesystem = filesystem_find(name);

	return filesystem && (filesystem->traits & FS_TRACKS_DIRTY);
}

static struct kernels_cell *find_cell(struct kernels *kernels, const char *text)
{
	for (size_t i = 0; i < kernels->cell_count; i++)
		if (!strcmp(kernels->cells[i].text, text))
			return &kernels->cells[i];
	return NULL;
}

/* There is room for all records of the run. */
static struct kernels_cell *add_cell(struct kernels *kernels, const char *text)
{
	struct kernels_cell *cell = &kernels->cells[kernels->cell_count];

	*cell = (struct kernels_cell){.text = text};
	cell->records =
		calloc(kernels->column_count + 1, sizeof(*cell->records));
	if (!cell->records)
		return NULL;
	kernels->cell_count++;
	id_split(text, &cell->parts);
	cell->known = !cell_id_parse(text, &cell->id, NULL);
	cell->tracked = tracks_dirty(cell->parts.filesystem);
	if (names_add(&kernels->scenarios, cell->parts.scenario) < 0)
		return NULL;
	return cell;
}

static size_t column_of(const struct kernels *kernels, const char *release)
{
	size_t column = 0;

	while (column < kernels->column_count &&
	       strcmp(kernels->columns[column].kernel->release, release) != 0)
		column++;
	return column;
}

static int by_parts(const void *a, const void *b)
{
	const struct kernels_cell *left = a, *right = b;
	int order = strcmp(left->parts.scenario, right->parts.scenario);

	if (!order)
		order = strcmp(left->parts.row, right->parts.row);
	return order ? order
		     : strcmp(left->parts.filesystem, right->parts.filesystem);
}

static int make_cells(struct kernels *kernels)
{
	const struct run *run = kernels->run;

	kernels->cells = calloc(run->record_count + 1, sizeof(*kernels->cells));
	if (!kernels->cells)
		return -ENOMEM;
	for (size_t i = 0; i < run->record_count; i++) {
		const struct record *record = &run->records[i];
		size_t column = column_of(kernels, record->kernel);
		struct kernels_cell *cell;

		if (column == kernels->column_count)
			continue;
		cell = find_cell(kernels, record->id);
		if (!cell)
			cell = add_cell(kernels, record->id);
		if (!cell)
			return -ENOMEM;
		cell->records[column] = record;
	}
	qsort(kernels->cells, kernels->cell_count, sizeof(*kernels->cells),
	      by_parts);
	return 0;
}

int kernels_make(const struct run *run, struct kernels *ret)
{
	int failed;

	*ret = (struct kernels){.run = run};
	failed = make_columns(ret);
	return failed ? failed : make_cells(ret);
}

void kernels_done(struct kernels *kernels)
{
	for (size_t i = 0; i < kernels->column_count; i++)
		free(kernels->columns[i].name);
	free(kernels->columns);
	for (size_t i = 0; i < kernels->cell_count; i++)
		free(kernels->cells[i].records);
	free(kernels->cells);
	names_done(&kernels->scenarios);
	*kernels = (struct kernels){NULL};
}

const char *kernels_text(const struct kernels *kernels,
			 const struct kernels_cell *cell, size_t column,
			 char buf[KERNELS_TEXT_SIZE])
{
	const struct record *record = cell->records[column];
	const char *word;

	if (!record)
		return "-";
	word = record_word(record);
	if (record->verdict == VERDICT_REFUSED && record->error)
		word = record->error;
	snprintf(buf, KERNELS_TEXT_SIZE, "%s%s%s", word, record_mark(record),
		 kernels->columns[column].untrusted ? "?" : "");
	return buf;
}

/* Marks are left out: what is expected may differ where nothing else does. */
static bool says_the_same(const struct record *a, const struct record *b)
{
	if (!a || !b)
		return a == b;
	if (strcmp(record_word(a), record_word(b)) != 0)
		return false;
	if (!a->error || !b->error)
		return a->error == b->error;
	return !strcmp(a->error, b->error);
}

bool kernels_same(const struct kernels *kernels,
		  const struct kernels_cell *cell)
{
	for (size_t i = 1; i < kernels->column_count; i++)
		if (!says_the_same(cell->records[0], cell->records[i]))
			return false;
	return true;
}

int kernels_mechanisms(const struct kernels *kernels, struct names *ret)
{
	for (size_t i = 0; i < kernels->cell_count; i++) {
		const struct kernels_cell *cell = &kernels->cells[i];

		if (cell->known && cell->tracked &&
		    names_add(ret, cell->id.mechanism->name) < 0)
			return -ENOMEM;
	}
	return 0;
}

void kernels_put_column(FILE *out, const struct kernels *kernels, size_t column)
{
	const struct run_kernel *kernel = kernels->columns[column].kernel;
	struct tally tally;

	run_tally(kernels->run, kernel->release, &tally);
	compare_put_kernel(out, kernel);
	fprintf(out, ", %zu cell%s", tally.total, plural(tally.total));
	if (!kernels->columns[column].untrusted)
		return;
	fputs(", NOT TO BE TRUSTED: the cell that corrupts on purpose was ",
	      out);
	if (kernel->canary_seen)
		fprintf(out, "judged %s", verdict_to_string(kernel->canary));
	else
		fputs("not run", out);
}

int kernels_step(FILE *out, const struct kernels *kernels, size_t column,
		 bool strict)
{
	const struct run_side old = {
		.run = kernels->run,
		.kernel = kernels->columns[column - 1].kernel,
	};
	const struct run_side new = {
		.run = kernels->run,
		.kernel = kernels->columns[column].kernel,
	};
	struct comparison comparison;
	int ret = comparison_make(&old, &new, &comparison);

	if (!ret) {
		compare_put_counts(out, &comparison, strict, ", ");
		if (!comparison_trusted(&comparison))
			fputs(", not to be trusted", out);
	}
	comparison_done(&comparison);
	return ret;
}
