/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "judge/promise.h"
#include "report/print.h"
#include "report/recipe.h"
#include "report/report.h"

#define INDENT 6

static void put_why(FILE *out, const struct cell_id *id)
{
	fputs("Why\n", out);
	print_wrapped(out, "  ", 2, id->scenario->why);
	fputc('\n', out);
	print_wrapped(out, "  ", 2, id->mechanism->why);
	fputc('\n', out);
	print_wrapped(out, "  ", 2, id->filesystem->why);
}

static void put_what(FILE *out, const struct cell_id *id)
{
	fprintf(out, "  scenario    %s: %s\n", id->scenario->name,
		id->scenario->summary);
	fprintf(out, "  mechanism   %s: %s\n", id->mechanism->name,
		id->mechanism->summary);
	fprintf(out, "  filesystem  %s: %s\n", id->filesystem->name,
		id->filesystem->summary);
	if (id->variant)
		fprintf(out, "  variant     %s: %s\n", id->variant->name,
			id->variant->summary);
}

static void put_calls(FILE *out, const struct mechanism *mechanism)
{
	const struct gup_call *call = mechanism->calls;
	int width = 0;

	if (!call || !call->function)
		return;
	for (; call->function; call++)
		if ((int)strlen(call->kernels) > width)
			width = (int)strlen(call->kernels);

	fputs("\nGUP call, by kernel\n", out);
	for (call = mechanism->calls; call->function; call++)
		fprintf(out, "  %-*s  %s\n  %*s  %s\n", width, call->kernels,
			call->function, width, "", call->flags);
}

static int put_step(FILE *out, const struct step *step, size_t number)
{
	cleanup_free char *text = NULL;
	char first[16];
	int ret = recipe_step(step, &text);

	if (ret < 0)
		return ret;
	snprintf(first, sizeof(first), "  %2zu. ", number);
	print_wrapped(out, first, INDENT, text);
	return 0;
}

static int put_steps(FILE *out, const struct scenario *scenario)
{
	int ret = 0;

	fputs("\nSteps (old data is in the file, written and synced)\n", out);
	for (size_t i = 0; !ret && scenario->steps[i]; i++)
		ret = put_step(out, scenario->steps[i], i + 1);
	return ret;
}

static void put_promises(FILE *out, const struct cell_id *id)
{
	const struct promise *promise = id->scenario->promises;
	bool titled = false;

	for (; promise && promise->text; promise++) {
		const char *name = recipe_invariant(promise->invariant);
		char check[RECIPE_CHECK_SIZE];

		if (!promise_is_meant(promise, id))
			continue;
		if (!titled)
			fputs("\nPromises\n", out);
		titled = true;
		fprintf(out, "  invariant %u%s%s\n", promise->invariant,
			name ? ", " : "", name ? name : "");
		print_wrapped(out, "      ", INDENT, promise->text);
		print_wrapped(out, "      check: ", INDENT + 7,
			      recipe_check(promise, check));
		print_wrapped(out, "      source: ", INDENT + 8,
			      promise->source);
	}
}

static void put_expected(FILE *out, const struct cell_id *id)
{
	const char *reason = cell_id_inapplicable(id);

	fputs("\nExpected\n", out);
	if (reason)
		fprintf(out, "  nothing: this makes no cell, %s\n", reason);
	else
		print_wrapped(out, "  ", 2,
			      recipe_expected(cell_id_must_refuse(id)
						      ? DUTY_REFUSE
						      : DUTY_WORK));
}

static void put_requirement(FILE *out, const char *name, const char *require)
{
	if (require && *require)
		fprintf(out, "  %s: %s\n", name, require);
}

static void put_requirements(FILE *out, const struct cell_id *id)
{
	const char *mechanism = id->mechanism->require;
	const char *filesystem = id->filesystem->require;
	const char *scenario = id->scenario->require;

	if ((!mechanism || !*mechanism) && (!filesystem || !*filesystem) &&
	    !scenario)
		return;
	fputs("\nNeeds\n", out);
	put_requirement(out, id->mechanism->name, mechanism);
	put_requirement(out, id->filesystem->name, filesystem);
	put_requirement(out, id->scenario->name, scenario);
}

static void put_links(FILE *out, const struct scenario *scenario)
{
	if (!scenario->links || !scenario->links[0])
		return;
	fputs("\nMore\n", out);
	for (size_t i = 0; scenario->links[i]; i++)
		fprintf(out, "  %s\n", scenario->links[i]);
}

static void put_commands(FILE *out, const struct cell_id *id, const char *text)
{
	bool destructive = id->scenario->destructive;

	if (cell_id_inapplicable(id))
		return;
	fputs("\nRun it\n", out);
	fprintf(out, "  gupcheck vm --kernel KERNEL %s\n", text);
	fprintf(out, "  gupcheck run %s%s\n",
		destructive ? "--destructive " : "", text);
	fprintf(out, "  gupcheck cell %s\n", text);
	if (destructive)
		fputs("  It may make the running kernel warn, crash, or drop "
		      "what it caches.\n",
		      out);
}

int explain(FILE *out, const struct cell_id *id)
{
	char text[CELL_ID_SIZE];
	int ret;

	fprintf(out, "%s\n", cell_id_format(id, text));
	put_what(out, id);
	fputc('\n', out);
	put_why(out, id);
	put_calls(out, id->mechanism);
	ret = put_steps(out, id->scenario);
	if (ret < 0)
		return ret;
	put_promises(out, id);
	put_expected(out, id);
	put_requirements(out, id);
	put_links(out, id->scenario);
	put_commands(out, id, text);
	return ferror(out) ? -EIO : 0;
}
