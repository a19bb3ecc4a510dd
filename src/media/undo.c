/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include "media/undo.h"

void undo_push(struct undo *undo, const char *name, int (*run)(void *arg),
	       void *arg)
{
	assert(undo->count < UNDO_MAX);
	undo->actions[undo->count].name = name;
	undo->actions[undo->count].run = run;
	undo->actions[undo->count].arg = arg;
	undo->count++;
}

unsigned int undo_run(struct undo *undo,
		      void (*report)(void *arg, const char *name, int ret),
		      void *arg)
{
	unsigned int failures = 0;

	while (undo->count) {
		size_t top = --undo->count;
		int ret = undo->actions[top].run(undo->actions[top].arg);

		if (!ret)
			continue;
		failures++;
		if (report)
			report(arg, undo->actions[top].name, ret);
	}
	return failures;
}
