/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/recipe.h"

/* The invariants of the design, by number. */
static const char *const invariants[] = {
	NULL,
	"admission",
	"nothing lost",
	"nothing else touched",
	"nothing behind a closed door",
	"stable pages",
	"reservations",
	"no leak",
	"the kernel stays well",
};

const char *recipe_invariant(unsigned int number)
{
	return number < sizeof(invariants) / sizeof(invariants[0])
		       ? invariants[number]
		       : NULL;
}

static void add_views(FILE *out, unsigned int views)
{
	const char *before = " (";

	for (unsigned int view = 1; view && view <= views; view <<= 1) {
		if (!(views & view))
			continue;
		fprintf(out, "%s%s", before, view_to_string(view));
		before = ", ";
	}
	if (views)
		fputc(')', out);
}

int recipe_step(const struct step *step, char **ret)
{
	static const char *const files[FILE_COUNT] = {
		[FILE_PINNED] = "the pinned file",
		[FILE_OTHER] = "the other file",
		[FILE_SNAPSHOT] = "the file in the snapshot",
	};
	char *text = NULL;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		return -ENOMEM;
	fprintf(line, "%s: %s", step->name, step->summary);
	if (step->label)
		fprintf(line, ", %s, as \"%s\"", files[step->file],
			step->label);
	add_views(line, step->views);
	if (step->flags & STEP_MAY_BLOCK)
		fputs("; may block", line);
	if (step->flags & STEP_MAY_FAIL)
		fputs("; may fail", line);
	if (fclose(line) == EOF) {
		free(text);
		return -ENOMEM;
	}
	*ret = text;
	return 0;
}

const char *recipe_check(const struct promise *promise,
			 char buf[RECIPE_CHECK_SIZE])
{
	size_t used = 0;

	if (promise->after)
		used += (size_t)snprintf(
			buf, RECIPE_CHECK_SIZE, "when \"%s\" showed %s data, ",
			promise->after, content_to_string(promise->observed));
	if (promise->step && used < RECIPE_CHECK_SIZE)
		used += (size_t)snprintf(buf + used, RECIPE_CHECK_SIZE - used,
					 "%s %s succeeded, ",
					 used ? "and" : "when", promise->step);
	if (used < RECIPE_CHECK_SIZE && promise->readable)
		snprintf(buf + used, RECIPE_CHECK_SIZE - used,
			 "\"%s\" has to be readable, whatever it holds",
			 promise->label);
	else if (used < RECIPE_CHECK_SIZE)
		snprintf(buf + used, RECIPE_CHECK_SIZE - used,
			 "\"%s\" has to show %s data", promise->label,
			 content_to_string(promise->required));
	return buf;
}

const char *recipe_expected(enum duty duty)
{
	switch (duty) {
	case DUTY_WORK:
		return "safe: the pin works, every promise is kept";
	case DUTY_REFUSE:
		return "refused: a long-term writable pin of a shared page "
		       "whose writes are tracked (invariant 1, admission)";
	case DUTY_UNKNOWN:
	case DUTY_COUNT:
		break;
	}
	return "not known: this gupcheck does not have the cell";
}
