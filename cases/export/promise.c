/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "look.c"

/* What the read LABEL has to show, in every view */
struct promise {
	const char *text;
	const char *after; /* only if this read has shown this, or NULL */
	int observed;
	const char *step; /* only if this step has succeeded, or NULL */
	int may_refuse; /* where it has not, nothing was promised */
	const char *label;
	int required;
	int readable; /* instead: whatever it holds */
};

static char unproven[256]; /* why nobody can tell about one of them */

static int step_result(const char *what)
{
	int found = -ENOENT;

	for (int i = 0; i < record_count; i++) {
		if (records[i].view || strcmp(records[i].name, what))
			continue;
		found = records[i].value;
		if (found)
			break;
	}
	return found;
}

static int was_observed(const struct promise *promise)
{
	for (int i = 0; promise->after && i < record_count; i++)
		if (records[i].view && records[i].value == promise->observed &&
		    !strcmp(records[i].name, promise->after))
			return 1;
	return !promise->after;
}

static int binds(const struct promise *promise)
{
	int ret = promise->step ? step_result(promise->step) : 0;

	if (ret && promise->may_refuse)
		return 0;
	if (ret)
		snprintf(unproven, sizeof(unproven), "step %s did not succeed",
			 promise->step);
	else if (!was_observed(promise))
		snprintf(unproven, sizeof(unproven),
			 "read \"%s\" did not show %s", promise->after,
			 name(promise->observed));
	else
		return 1;
	return 0;
}

/* EIO is damage that the filesystem itself has found */
static void check(const struct promise *promise)
{
	int seen = 0;

	if (!binds(promise))
		return;
	for (int i = 0; i < record_count; i++) {
		const struct record *read = &records[i];

		if (!read->view || strcmp(read->name, promise->label))
			continue;
		seen = 1;
		if (read->value == promise->required ||
		    (promise->readable && read->value >= 0))
			continue;
		if (promise->readable && read->value == -EIO)
			answer(CORRUPT, "%s: read \"%s\" (%s): %s",
			       promise->text, read->name, read->view,
			       strerror(EIO));
		if (read->value >= 0 || read->value == -EIO)
			answer(CORRUPT, "%s: read \"%s\" (%s) shows %s, not %s",
			       promise->text, read->name, read->view,
			       name(read->value), name(promise->required));
		snprintf(unproven, sizeof(unproven), "read \"%s\" (%s): %s",
			 read->name, read->view, strerror(-read->value));
	}
	if (!seen)
		snprintf(unproven, sizeof(unproven), "there is no read \"%s\"",
			 promise->label);
}

static void check_all(const struct promise *promises, int count)
{
	for (int i = 0; i < count; i++)
		check(&promises[i]);
}
