/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_TEST_SCRATCH_H
#define RUNNER_TEST_SCRATCH_H

/* Scratch: a folder of its own for each test; every test is a process. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/unit.h"
#include "runner/journal.h"

#define SCRATCH_TEMPLATE "/tmp/gupcheck-journal-XXXXXX"

static char folder[sizeof(SCRATCH_TEMPLATE)];

/* scratch_file() - make the folder; the name of the journal in it */
static inline const char *scratch_file(void)
{
	static char path[128];

	strcpy(folder, SCRATCH_TEMPLATE);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/%s", folder, JOURNAL_NAME);
	return path;
}

/* scratch_remove() - remove what scratch_file() made */
static inline void scratch_remove(const char *path)
{
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}

#endif
