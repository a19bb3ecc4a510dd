/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRAMS_WORDS_H
#define PROGRAMS_WORDS_H

/* Words: what an argument can be, for people and for completion in a shell. */

#include <stdio.h>
#include "base/error.h"

/**
 * words_list() - one a line, with what it means
 * @what: commands, formats, exit-styles, errnos, or kernels: cached, installed
 * @command: formats are those of; NULL: report
 * Return: 1, 0 when @what is none of these, -errno with a line of @error.
 */
int words_list(FILE *out, const char *what, const char *command,
	       struct error *error);

#endif
