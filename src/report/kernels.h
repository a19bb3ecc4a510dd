/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_KERNELS_H
#define REPORT_KERNELS_H

/*
 * Kernels: one run over several kernels, side by side. Kernels stand from old
 * to new by their release numbers, and nothing else is read from these: what a
 * kernel does is what its cells say.
 */

#include <stdbool.h>
#include <stdio.h>
#include "plan/plan.h"
#include "report/names.h"
#include "report/report.h"

#define KERNELS_TEXT_SIZE 64

/**
 * struct kernels_column - one kernel
 * @name: of its release, as much as no other kernel of the run has; owned
 * @untrusted: the canary says so
 */
struct kernels_column {
	const struct run_kernel *kernel;
	char *name;
	bool untrusted;
};

/**
 * struct kernels_cell - one cell on all kernels
 * @id: meaningful when @known: this program has such a cell
 * @tracked: its filesystem is known to track dirty pages
 * @records: one for each column, NULL where that kernel has no such cell; owned
 */
struct kernels_cell {
	const char *text;
	struct id_parts parts;
	struct cell_id id;
	bool known;
	bool tracked;
	const struct record **records;
};

/**
 * struct kernels - a run, turned; borrows all else from the run
 * @columns: from old to new
 * @cells: by scenario, mechanism, variant, filesystem
 * @scenarios: the names of all
 */
struct kernels {
	const struct run *run;
	struct kernels_column *columns;
	size_t column_count;
	struct kernels_cell *cells;
	size_t cell_count;
	struct names scenarios;
};

/**
 * kernels_make() - turn a run
 * Return: 0 or -ENOMEM; @ret is to be given to kernels_done() either way.
 */
int kernels_make(const struct run *run, struct kernels *ret);

/** kernels_done() - free what kernels_make() allocated */
void kernels_done(struct kernels *kernels);

/**
 * kernels_text() - what @cell said on the kernel of @column, in a word
 *
 * An errno stands for a refusal with it, `-` for no such cell, `!` and `*` as
 * everywhere, `?` for what is not to be trusted.
 */
const char *kernels_text(const struct kernels *kernels,
			 const struct kernels_cell *cell, size_t column,
			 char buf[KERNELS_TEXT_SIZE]);

/**
 * kernels_same() - whether @cell said the same on every kernel
 *
 * No cell, and each way to have no verdict, are answers of their own here: what
 * is not the same is shown.
 */
bool kernels_same(const struct kernels *kernels,
		  const struct kernels_cell *cell);

/** enum kernels_select - which cells of a scenario are folded, and how */
enum kernels_select {
	KERNELS_TRACKED = 1 << 0, /* filesystems that track dirty pages */
	KERNELS_OTHERS = 1 << 1, /* all other ones */
	KERNELS_CHANGED = 1 << 2, /* not what is the same on every kernel */
	KERNELS_APART = 1 << 3, /* a row of its own for each mechanism */
};

/**
 * struct kernels_row - cells that say the same on every kernel
 * @mechanisms: with @variant where there is one
 * @cell: any of them
 */
struct kernels_row {
	struct names mechanisms;
	struct names filesystems;
	const struct kernels_cell *cell;
};

/**
 * struct kernels_table - the cells of a scenario, folded; owns all but the name
 * @tracked, @filesystems: of what was selected, whether it changed or not
 */
struct kernels_table {
	const char *scenario;
	struct names tracked;
	struct names filesystems;
	struct kernels_row *rows;
	size_t row_count;
};

/**
 * kernels_fold() - the rows of one scenario
 * @select: mask of enum kernels_select
 *
 * A variant has no row where it says what the cell without it says.
 * Return: 0 or -ENOMEM; @ret is to be given to kernels_table_done() either way.
 */
int kernels_fold(const struct kernels *kernels, const char *scenario,
		 unsigned int select, struct kernels_table *ret);

/**
 * kernels_title() - the name of the scenario, and its filesystems that track
 * dirty pages
 * Return: the caller frees it; NULL without memory.
 */
char *kernels_title(const struct kernels_table *table);

/** kernels_table_done() - free what kernels_fold() allocated */
void kernels_table_done(struct kernels_table *table);

/** struct kernels_tables - of all scenarios; owns the array */
struct kernels_tables {
	struct kernels_table *list;
	size_t count;
};

/**
 * kernels_fold_all() - the tables of a run
 * @changed: only what is not the same on every kernel, and admission, which is
 *	never left out, where dirty pages are tracked
 *
 * Return: 0 or -ENOMEM; @ret is to be given to kernels_tables_done() either
 * way.
 */
int kernels_fold_all(const struct kernels *kernels, bool changed,
		     struct kernels_tables *ret);

/** kernels_tables_done() - free what kernels_fold_all() allocated */
void kernels_tables_done(struct kernels_tables *tables);

/**
 * kernels_label() - the name of a row
 *
 * Filesystems are named unless they are just those that track dirty pages,
 * which stand in the title. Return: the caller frees it; NULL without memory.
 */
char *kernels_label(const struct kernels_table *table,
		    const struct kernels_row *row);

/**
 * struct kernels_history - since when the pin of a mechanism is refused
 * @first: the first kernel that refused it in every cell that told, or NULL
 * @text: the whole story in a line; owned
 */
struct kernels_history {
	const struct kernels_column *first;
	char *text;
};

/**
 * kernels_history() - of one mechanism, by its verdicts alone
 *
 * Counted are the cells that invariant 1 is about; for a mechanism that need
 * not be refused anywhere, all cells on filesystems that track dirty pages. An
 * oops does not tell whether the pin was accepted, and what gave no verdict,
 * or cannot be trusted, tells nothing: such kernels are named.
 * Return: 0 or -ENOMEM; the caller frees @ret->text.
 */
int kernels_history(const struct kernels *kernels, const char *mechanism,
		    struct kernels_history *ret);

/** kernels_mechanisms() - those that have a history; 0 or -ENOMEM */
int kernels_mechanisms(const struct kernels *kernels, struct names *ret);

/** kernels_put_column() - the kernel, how many cells, and what is wrong */
void kernels_put_column(FILE *out, const struct kernels *kernels,
			size_t column);

/**
 * kernels_step() - the counts of comparison from one column to the next
 * @column: the newer one, not 0
 *
 * Return: 0 or -ENOMEM.
 */
int kernels_step(FILE *out, const struct kernels *kernels, size_t column,
		 bool strict);

/**
 * kernels_legend() - how the tables are read
 * Return: a line; the caller frees it; NULL without memory.
 */
char *kernels_legend(const struct kernels *kernels);

/**
 * kernels_print() - the short form for a run over several kernels
 *
 * Nothing where there is only one. Return: 0 or -ENOMEM.
 */
int kernels_print(FILE *out, const struct run *run,
		  const struct report_options *options);

#endif
