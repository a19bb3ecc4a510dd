/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Rows that say the same are one row: a screen instead of a page. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/kernels.h"

/* The scenario whose question is the pin itself: never left out. */
#define ADMISSION "admission"

static bool names_equal(const struct names *a, const struct names *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->list[i], b->list[i]) != 0)
			return false;
	return true;
}

static bool texts_equal(const struct kernels *kernels,
			const struct kernels_cell *a,
			const struct kernels_cell *b)
{
	for (size_t i = 0; i < kernels->column_count; i++) {
		char left[KERNELS_TEXT_SIZE], right[KERNELS_TEXT_SIZE];

		if (strcmp(kernels_text(kernels, a, i, left),
			   kernels_text(kernels, b, i, right)) != 0)
			return false;
	}
	return true;
}

/* Whether the cell without @variant says what @cell says. */
static bool is_like_plain(const struct kernels *kernels,
			  const struct kernels_cell *cell)
{
	size_t len = strcspn(cell->parts.row, "@");

	if (!cell->parts.row[len])
		return false;
	for (size_t i = 0; i < kernels->cell_count; i++) {
		const struct kernels_cell *plain = &kernels->cells[i];

		if (!strncmp(plain->parts.row, cell->parts.row, len) &&
		    !plain->parts.row[len] &&
		    !strcmp(plain->parts.filesystem, cell->parts.filesystem) &&
		    !strcmp(plain->parts.scenario, cell->parts.scenario))
			return texts_equal(kernels, plain, cell);
	}
	return false;
}

/* Before rows are merged each is about one mechanism. */
static struct kernels_row *find_row(const struct kernels *kernels,
				    struct kernels_table *table,
				    const struct kernels_cell *cell)
{
	for (size_t i = 0; i < table->row_count; i++) {
		struct kernels_row *row = &table->rows[i];

		if (!strcmp(row->cell->parts.row, cell->parts.row) &&
		    texts_equal(kernels, row->cell, cell))
			return row;
	}
	return NULL;
}

static int add_to_rows(const struct kernels *kernels,
		       struct kernels_table *table,
		       const struct kernels_cell *cell)
{
	struct kernels_row *row = find_row(kernels, table, cell);

	if (!row) {
		row = &table->rows[table->row_count++];
		*row = (struct kernels_row){.cell = cell};
	}
	if (names_add(&row->mechanisms, cell->parts.row) < 0 ||
	    names_add(&row->filesystems, cell->parts.filesystem) < 0)
		return -ENOMEM;
	return 0;
}

static int add_cell(const struct kernels *kernels, unsigned int select,
		    struct kernels_table *table,
		    const struct kernels_cell *cell)
{
	if (names_add(&table->filesystems, cell->parts.filesystem) < 0)
		return -ENOMEM;
	if (cell->tracked &&
	    names_add(&table->tracked, cell->parts.filesystem) < 0)
		return -ENOMEM;
	if ((select & KERNELS_CHANGED) && kernels_same(kernels, cell))
		return 0;
	return is_like_plain(kernels, cell) ? 0
					    : add_to_rows(kernels, table, cell);
}

static void row_done(struct kernels_row *row)
{
	names_done(&row->mechanisms);
	names_done(&row->filesystems);
}

/* Moves the mechanisms of row @from into an earlier one, if one fits. */
static int merge_row(const struct kernels *kernels, struct kernels_table *table,
		     size_t from)
{
	struct kernels_row *row = &table->rows[from];

	for (size_t i = 0; i < from; i++) {
		struct kernels_row *into = &table->rows[i];

		if (!names_equal(&into->filesystems, &row->filesystems) ||
		    !texts_equal(kernels, into->cell, row->cell))
			continue;
		for (size_t m = 0; m < row->mechanisms.count; m++)
			if (names_add(&into->mechanisms,
				      row->mechanisms.list[m]) < 0)
				return -ENOMEM;
		row_done(row);
		table->row_count--;
		memmove(row, row + 1, (table->row_count - from) * sizeof(*row));
		return 1;
	}
	return 0;
}

static int merge_rows(const struct kernels *kernels,
		      struct kernels_table *table)
{
	for (size_t i = 0; i < table->row_count;) {
		int merged = merge_row(kernels, table, i);

		if (merged < 0)
			return merged;
		i += merged ? 0 : 1;
	}
	return 0;
}

int kernels_fold(const struct kernels *kernels, const char *scenario,
		 unsigned int select, struct kernels_table *ret)
{
	*ret = (struct kernels_table){.scenario = scenario};
	ret->rows = calloc(kernels->cell_count + 1, sizeof(*ret->rows));
	if (!ret->rows)
		return -ENOMEM;
	for (size_t i = 0; i < kernels->cell_count; i++) {
		const struct kernels_cell *cell = &kernels->cells[i];
		unsigned int kind =
			cell->tracked ? KERNELS_TRACKED : KERNELS_OTHERS;

		if ((select & kind) &&
		    !strcmp(cell->parts.scenario, scenario) &&
		    add_cell(kernels, select, ret, cell) < 0)
			return -ENOMEM;
	}
	return select & KERNELS_APART ? 0 : merge_rows(kernels, ret);
}

void kernels_table_done(struct kernels_table *table)
{
	for (size_t i = 0; i < table->row_count; i++)
		row_done(&table->rows[i]);
	free(table->rows);
	names_done(&table->tracked);
	names_done(&table->filesystems);
	*table = (struct kernels_table){NULL};
}

static int fold_next(const struct kernels *kernels, const char *scenario,
		     unsigned int select, struct kernels_tables *tables)
{
	return kernels_fold(kernels, scenario, select,
			    &tables->list[tables->count++]);
}

int kernels_fold_all(const struct kernels *kernels, bool changed,
		     struct kernels_tables *ret)
{
	const unsigned int some = changed ? KERNELS_CHANGED : 0;
	const unsigned int all = KERNELS_TRACKED | KERNELS_OTHERS | some;
	int failed = 0;

	*ret = (struct kernels_tables){NULL};
	/* admission makes two */
	ret->list = calloc(kernels->scenarios.count + 2, sizeof(*ret->list));
	if (!ret->list)
		return -ENOMEM;
	for (size_t i = 0; !failed && i < kernels->scenarios.count; i++) {
		const char *scenario = kernels->scenarios.list[i];

		if (strcmp(scenario, ADMISSION) != 0) {
			failed = fold_next(kernels, scenario, all, ret);
			continue;
		}
		failed = fold_next(kernels, scenario,
				   KERNELS_TRACKED | KERNELS_APART, ret);
		if (!failed)
			failed = fold_next(kernels, scenario,
					   KERNELS_OTHERS | some, ret);
	}
	return failed;
}

void kernels_tables_done(struct kernels_tables *tables)
{
	for (size_t i = 0; i < tables->count; i++)
		kernels_table_done(&tables->list[i]);
	free(tables->list);
	*tables = (struct kernels_tables){NULL};
}

static void put_names(FILE *out, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		fprintf(out, "%s%s", i ? ", " : "", names->list[i]);
}

/* NULL, too, when @out ran out of memory. */
static char *end_line(FILE *out, char **text)
{
	bool failed = ferror(out);

	if (fclose(out) || failed) {
		free(*text);
		return NULL;
	}
	return *text;
}

char *kernels_label(const struct kernels_table *table,
		    const struct kernels_row *row)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_names(out, &row->mechanisms);
	if (names_equal(&row->filesystems, &table->tracked))
		return end_line(out, &text);
	fputs(": ", out);
	if (table->tracked.count &&
	    names_equal(&row->filesystems, &table->filesystems))
		fputs("every filesystem", out);
	else
		put_names(out, &row->filesystems);
	return end_line(out, &text);
}

char *kernels_title(const struct kernels_table *table)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs(table->scenario, out);
	if (table->tracked.count) {
		fputs(" on ", out);
		put_names(out, &table->tracked);
	}
	return end_line(out, &text);
}

static bool any_untrusted(const struct kernels *kernels)
{
	for (size_t i = 0; i < kernels->column_count; i++)
		if (kernels->columns[i].untrusted)
			return true;
	return false;
}

static bool any_missing(const struct kernels *kernels)
{
	for (size_t i = 0; i < kernels->cell_count; i++)
		for (size_t c = 0; c < kernels->column_count; c++)
			if (!kernels->cells[i].records[c])
				return true;
	return false;
}

char *kernels_legend(const struct kernels *kernels)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("An errno: the pin was refused with it. A row is about the "
	      "filesystems of the title unless it names others. A variant "
	      "without a row says what the row without it says. "
	      "! unexpected, * known issue",
	      out);
	if (any_missing(kernels))
		fputs(", - no such cell", out);
	if (any_untrusted(kernels))
		fputs(", ? not to be trusted: the cell that corrupts on "
		      "purpose was not seen to be corrupt",
		      out);
	fputc('.', out);
	return end_line(out, &text);
}
