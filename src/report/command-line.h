/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_COMMAND_LINE_H
#define REPORT_COMMAND_LINE_H

/* Command line: words as a shell reads them, to be copied. */

#include <stdio.h>

/**
 * struct command_line - one that is being written
 * @columns: lines end there, with a backslash; 0: one line
 * @indent: column where it begins; further lines stand four to the right
 * @column: how far it has come; starts as 0
 */
struct command_line {
	FILE *out;
	size_t columns;
	size_t indent;
	size_t column;
};

/** command_line_add() - one word, in quotes where it needs them */
void command_line_add(struct command_line *line, const char *word);

#endif
