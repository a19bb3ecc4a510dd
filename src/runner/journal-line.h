/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_JOURNAL_LINE_H
#define RUNNER_JOURNAL_LINE_H

/* Journal line: adds what one line of a journal says to a run. */

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include "base/error.h"
#include "runner/record.h"

/**
 * struct loader - where we are in the file, and what was read so far
 * @line: number of the line at hand, from 1
 * @bad_line: the first line that is no record, or 0
 * @end: bytes up to the end of the last record
 * @open: the last record lacks its newline
 */
struct loader {
	struct run *run;
	const char *path;
	size_t line;
	size_t bad_line;
	off_t end;
	bool open;
	struct error *error;
};

/** loader_corrupt() - -EINVAL; the error line says that @part is bad */
int loader_corrupt(struct loader *loader, const char *part);

/** journal_open() - the journal of folder @path, or file @path; NULL: errno */
FILE *journal_open(const char *path);

/**
 * journal_read() - read @file to its end
 * Return: 0 or -errno with a line of the loader's error.
 */
int journal_read(FILE *file, struct loader *loader);

/** loader_add() - apply one line; 0, -EINVAL or -ENOMEM */
int loader_add(struct loader *loader, const json_t *line);

#endif
