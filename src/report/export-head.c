/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recipe of a cell, as the comment that its exported file begins with. */
#include <errno.h>
#include <string.h>
#include "base/cleanup.h"
#include "judge/promise.h"
#include "report/export.h"
#include "report/print.h"
#include "report/recipe.h"

#define COLUMNS 76

static const char how[] =
	"\n"
	"Compile it with cc -O2 -Wall (before glibc 2.34 also -pthread; -static for\n"
	"a guest) and run it as root, on a machine that may crash. It makes an image\n"
	"and a mount in /tmp, and removes them.\n"
	"\n"
	"The last line of its output, and its exit code:\n"
	"  SAFE: ...       0    every promise was kept\n"
	"  CORRUPT: ...    1    one was broken: the kernel is at fault\n"
	"  EXPOSED: ...    1    nothing was lost, but what was pinned had to be refused\n"
	"  OOPS: ...       1    the kernel said so\n"
	"  REFUSED: ...    2    the kernel does not pin this memory\n"
	"  NO ANSWER: ...  125  it could not be tried, or proved nothing\n";

static void put_call(FILE *out, const struct gup_call *call)
{
	bool all = !strcmp(call->kernels, "*");

	fprintf(out, "  %s\n    %s%s%s%s\n", call->function, call->flags,
		all ? "" : " (kernels ", all ? "" : call->kernels,
		all ? "" : ")");
}

static void put_calls(FILE *out, const struct gup_call *call)
{
	if (call && call->function)
		fputs("\nThe kernel pins in\n", out);
	for (; call && call->function; call++)
		put_call(out, call);
}

static void put_promises(FILE *out, const struct cell_id *id)
{
	const struct promise *promise = id->scenario->promises;

	for (; promise && promise->text; promise++) {
		const char *name = recipe_invariant(promise->invariant);
		char check[RECIPE_CHECK_SIZE];

		if (!promise_is_meant(promise, id))
			continue;
		fprintf(out, "\nPromise (invariant %u%s%s)\n",
			promise->invariant, name ? ", " : "", name ? name : "");
		print_wrapped_at(out, COLUMNS, "  ", 2, promise->text);
		print_wrapped_at(out, COLUMNS, "  source: ", 10,
				 promise->source);
		print_wrapped_at(out, COLUMNS, "  check: ", 9,
				 recipe_check(promise, check));
	}
}

static int put_steps(FILE *out, const struct scenario *scenario)
{
	fputs("\nSteps (old data is in the file, written and synced)\n", out);
	for (size_t i = 0; scenario->steps[i]; i++) {
		cleanup_free char *text = NULL;
		char first[16];
		int ret = recipe_step(scenario->steps[i], &text);

		if (ret < 0)
			return ret;
		snprintf(first, sizeof(first), "  %2zu. ", i + 1);
		print_wrapped_at(out, COLUMNS, first, 6, text);
	}
	return 0;
}

static int put_recipe(FILE *out, const struct cell_id *id, const char *text)
{
	const char *const *link = id->scenario->links;
	int ret;

	fprintf(out, "%s\n\n", text);
	print_wrapped_at(out, COLUMNS, "", 0, id->scenario->summary);
	fputc('\n', out);
	print_wrapped_at(out, COLUMNS, "", 0, id->scenario->why);
	print_wrapped_at(out, COLUMNS, id->filesystem->name, 2, "");
	print_wrapped_at(out, COLUMNS, "  ", 2, id->filesystem->why);
	put_promises(out, id);
	put_calls(out, id->mechanism->calls);
	ret = put_steps(out, id->scenario);
	if (ret < 0)
		return ret;
	for (; link && *link; link++)
		fprintf(out, "%s  %s\n",
			link == id->scenario->links ? "\nMore\n" : "", *link);
	fputs(how, out);
	return 0;
}

/* Nothing in it may end the comment */
static void put_comment(FILE *out, const char *text)
{
	fputs("/*", out);
	for (const char *at = text; *at; at++) {
		if (at == text || at[-1] == '\n')
			fputs(*at == '\n' ? "\n *" : "\n * ", out);
		if (*at == '/' && at > text && at[-1] == '*')
			fputc(' ', out);
		if (*at != '\n')
			fputc(*at, out);
	}
	fputs("\n */\n", out);
}

int export_head(FILE *out, const struct cell_id *id, const char *text)
{
	cleanup_free char *recipe = NULL;
	size_t size;
	FILE *lines = open_memstream(&recipe, &size);
	int ret;

	if (!lines)
		return -ENOMEM;
	ret = put_recipe(lines, id, text);
	if (fclose(lines) == EOF)
		return -ENOMEM;
	if (!ret)
		put_comment(out, recipe);
	return ret;
}
