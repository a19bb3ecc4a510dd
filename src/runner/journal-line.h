/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_JOURNAL_LINE_H
#define RUNNER_JOURNAL_LINE_H

/* Journal line: adds what one line of a journal says to a run. */

#include <jansson.h>
#include "base/error.h"
#include "runner/record.h"

/** struct loader - where we are in the file, and what was read so far */
struct loader {
	struct run *run;
	const char *path;
	size_t line;
	struct error *error;
};

/** loader_corrupt() - -EINVAL; the error line says that @part is bad */
int loader_corrupt(struct loader *loader, const char *part);

/** loader_add() - apply one line; 0, -EINVAL or -ENOMEM */
int loader_add(struct loader *loader, const json_t *line);

#endif
