/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/print.h"
#include "report/report.h"

#define INDENT 6

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

static int put_step(FILE *out, const struct step *step, size_t number)
{
	cleanup_free char *text = NULL;
	char first[16];
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		return -ENOMEM;
	fprintf(line, "%s: %s", step->name, step->summary);
	if (step->label)
		fprintf(line, ", %s file, as \"%s\"",
			step->file == FILE_OTHER ? "the other" : "the pinned",
			step->label);
	add_views(line, step->views);
	if (step->flags & STEP_MAY_BLOCK)
		fputs("; may block", line);
	if (step->flags & STEP_MAY_FAIL)
		fputs("; may fail", line);
	if (fclose(line) == EOF)
		return -ENOMEM;

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

static bool binds(const struct promise *promise,
		  const struct mechanism *mechanism)
{
	if (promise->only && !(promise->only & mechanism->traits))
		return false;
	return !(promise->never & mechanism->traits);
}

static void put_check(FILE *out, const struct promise *promise)
{
	char text[512];
	size_t used = 0;

	if (promise->after)
		used += (size_t)snprintf(
			text, sizeof(text), "when \"%s\" showed %s data, ",
			promise->after, content_to_string(promise->observed));
	if (promise->step && used < sizeof(text))
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s %s succeeded, ",
					 used ? "and" : "when", promise->step);
	if (used < sizeof(text))
		snprintf(text + used, sizeof(text) - used,
			 "\"%s\" has to show %s data", promise->label,
			 content_to_string(promise->required));
	print_wrapped(out, "      check: ", INDENT + 7, text);
}

static void put_promises(FILE *out, const struct cell_id *id)
{
	const struct promise *promise = id->scenario->promises;
	bool titled = false;

	for (; promise && promise->text; promise++) {
		bool known = promise->invariant && promise->invariant <= 8;

		if (!binds(promise, id->mechanism))
			continue;
		if (!titled)
			fputs("\nPromises\n", out);
		titled = true;
		fprintf(out, "  invariant %u%s%s\n", promise->invariant,
			known ? ", " : "",
			known ? invariants[promise->invariant] : "");
		print_wrapped(out, "      ", INDENT, promise->text);
		put_check(out, promise);
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
	else if (cell_id_must_refuse(id))
		fputs("  refused: a long-term writable pin of a shared page "
		      "whose writes are tracked\n  (invariant 1, admission)\n",
		      out);
	else
		fputs("  safe: the pin works, every promise is kept\n", out);
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

	if ((!mechanism || !*mechanism) && (!filesystem || !*filesystem))
		return;
	fputs("\nNeeds\n", out);
	put_requirement(out, id->mechanism->name, mechanism);
	put_requirement(out, id->filesystem->name, filesystem);
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
