/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

/*
 * Export: a cell as one C file that needs nothing else. Its text is made of the
 * parts in cases/export/, real C, and of what the descriptors say.
 */

#include <stdio.h>
#include "plan/plan.h"

/**
 * struct export_part - a file of cases/export/
 * @name: its name
 * @text: all of it
 */
struct export_part {
	const char *name;
	const char *text;
};

/** export_parts - every part, ended by an entry without name (generated) */
extern const struct export_part export_parts[];

/** export_leaves_out() - whether @step is none of this cell's mechanism */
bool export_leaves_out(const struct cell_id *id, const struct step *step);

/**
 * export_obstacle() - why @id cannot be exported
 * @error: receives the reason, and what can be exported instead
 * Return: 0 when it can be, else -ENOTSUP.
 */
int export_obstacle(const struct cell_id *id, struct error *error);

/**
 * export_head() - the comment that a file begins with: the recipe
 * @text: the spelling of @id
 * Return: 0 or -errno.
 */
int export_head(FILE *out, const struct cell_id *id, const char *text);

/** export_cell() - write the C file of a cell without obstacle; 0 or -errno */
int export_cell(FILE *out, const struct cell_id *id);

#endif
