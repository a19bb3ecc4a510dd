/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_EXPORT_SOURCE_H
#define REPORT_EXPORT_SOURCE_H

/*
 * Export source: parts of cases/export/ put together, each once, what it
 * includes before it. System headers are collected.
 */

#include <stdio.h>
#include "plan/plan.h"

#define EXPORT_PARTS_MAX 128
#define EXPORT_INCLUDES_MAX 64
#define EXPORT_NAME_SIZE 80

/** struct export_include - a line `#include <...>`, not ended by 0 */
struct export_include {
	const char *line;
	size_t len;
};

/**
 * struct export_source - what is put together
 * @id: the cell
 * @body: receives the parts
 * @taken: which parts it holds already
 * @includes, @include_count: system headers, sorted
 */
struct export_source {
	const struct cell_id *id;
	FILE *body;
	bool taken[EXPORT_PARTS_MAX];
	struct export_include includes[EXPORT_INCLUDES_MAX];
	size_t include_count;
};

/** export_has() - whether there is a part PREFIX-NAME.c */
bool export_has(const char *prefix, const char *name);

/**
 * export_add() - add the part @name and what it includes
 *
 * What differs from cell to cell (pin.c, settle.c, device.c) stands for the
 * part of this one. Return: 0; -ENOENT: no such part; -E2BIG.
 */
int export_add(struct export_source *source, const char *name);

#endif
