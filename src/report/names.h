/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_NAMES_H
#define REPORT_NAMES_H

/* Names: a sorted set of strings, and a cell id taken apart. */

#include <stdbool.h>
#include <stddef.h>

/** struct names - owns the array and the strings */
struct names {
	char **list;
	size_t count;
};

/** names_add() - insert a copy unless it is there; 0 or -ENOMEM */
int names_add(struct names *names, const char *name);

/** names_done() - free it */
void names_done(struct names *names);

#define PART_SIZE 160

/**
 * struct id_parts - by the text alone: a stored run may name cells that this
 * program does not know
 * @row: mechanism, with @variant where there is one
 */
struct id_parts {
	char row[PART_SIZE];
	char filesystem[PART_SIZE];
	char scenario[PART_SIZE];
};

/** id_split() - what is no cell id becomes a row of its own */
void id_split(const char *id, struct id_parts *ret);

#endif
