/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "report/man.h"
#include "report/recipe.h"

/* Of the words that are not from descriptors; a build has no date of its own */
#define PAGE_DATE "November 23, 2026"
#define COLUMNS 78

static size_t put_escaped(FILE *out, const char *word, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len; i++) {
		if (word[i] == '\\')
			width += (size_t)fprintf(out, "\\e");
		else
			width += (size_t)fprintf(out, "%c", word[i]);
	}
	return width;
}

void man_text(FILE *out, const char *text)
{
	size_t used = 0;
	bool ended = false; /* mdoc wants each sentence on a line of its own */

	for (text += strspn(text, " \n\t"); *text;
	     text += strspn(text, " \n\t")) {
		size_t len = strcspn(text, " \n\t");

		if (used && (ended || used + 1 + len > COLUMNS)) {
			fputc('\n', out);
			used = 0;
		} else if (used) {
			fputc(' ', out);
			used++;
		}
		/* a line that begins with one of these is a macro */
		if (!used && (*text == '.' || *text == '\''))
			fputs("\\&", out);
		used += put_escaped(out, text, len);
		text += len;
		ended = strchr(".!?", text[-1]);
	}
	fputc('\n', out);
}

static void put_titled(FILE *out, const char *title, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(out, ".It %s\n", title);
	man_text(out, text);
}

static void put_head(FILE *out, const char *name, const char *summary,
		     const char *why)
{
	fprintf(out, ".Ss %s\n", name);
	man_text(out, summary);
	fputs(".Pp\n", out);
	man_text(out, why);
	fputs(".Bl -tag -width Ds\n", out);
}

static void put_calls(FILE *out, const struct gup_call *call)
{
	for (; call && call->function; call++) {
		fprintf(out, ".It Kernels %s\n", call->kernels);
		man_text(out, call->function);
		fputs(".br\n", out);
		man_text(out, call->flags);
	}
}

static void put_errnos(FILE *out, const struct mechanism *mechanism)
{
	const int *refusal = mechanism->refusals;
	const struct pin_errno *errnos = mechanism->errnos;

	if (refusal && *refusal) {
		fputs(".It Refuses with\n", out);
		for (; *refusal; refusal++)
			fprintf(out, ".Er %s\n", errno_name(*refusal));
	}
	for (; errnos && errnos->error; errnos++) {
		fprintf(out, ".It Er %s\n", errno_name(errnos->error));
		if (strcmp(errnos->kernels, "*") != 0)
			fprintf(out, "Kernels %s:\n", errnos->kernels);
		man_text(out, errnos->cause);
		fputs(".br\n", out);
		man_text(out, errnos->mend);
	}
}

static void put_mechanisms(FILE *out)
{
	fputs(".Sh MECHANISMS\n", out);
	for (size_t i = 0; mechanisms[i]; i++) {
		const struct mechanism *mechanism = mechanisms[i];
		unsigned int traits = mechanism->traits;

		if (traits & MECH_FAKE)
			continue;
		put_head(out, mechanism->name, mechanism->summary,
			 mechanism->why);
		fputs(".It Pin\n", out);
		fprintf(out, "%s, %s\n",
			traits & MECH_NOTIFIER	 ? "none"
			: traits & MECH_LONGTERM ? "long-term"
						 : "short-term",
			traits & MECH_WRITES ? "written by the device"
					     : "only read by the device");
		put_titled(out, "Needs", mechanism->require);
		put_calls(out, mechanism->calls);
		put_errnos(out, mechanism);
		fputs(".El\n", out);
	}
}

static void put_filesystems(FILE *out)
{
	fputs(".Sh FILESYSTEMS\n", out);
	for (size_t i = 0; filesystems[i]; i++) {
		const struct filesystem *filesystem = filesystems[i];

		if (filesystem->traits & FS_FAKE)
			continue;
		put_head(out, filesystem->name, filesystem->summary,
			 filesystem->why);
		put_titled(out, "Long-term writable pins",
			   filesystem->traits & FS_TRACKS_DIRTY
				   ? "have to be refused where the mapping is "
				     "shared"
				   : "have to keep working");
		put_titled(out, "Needs", filesystem->require);
		fputs(".El\n", out);
	}
}

static int put_steps(FILE *out, const struct scenario *scenario)
{
	fputs(".It Steps\n.Bl -enum -compact\n", out);
	for (size_t i = 0; scenario->steps[i]; i++) {
		cleanup_free char *text = NULL;
		int ret = recipe_step(scenario->steps[i], &text);

		if (ret < 0)
			return ret;
		fputs(".It\n", out);
		man_text(out, text);
	}
	fputs(".El\n", out);
	return 0;
}

static void put_promises(FILE *out, const struct promise *promise)
{
	for (; promise && promise->text; promise++) {
		const char *name = recipe_invariant(promise->invariant);
		char check[RECIPE_CHECK_SIZE];

		fprintf(out, ".It Promise of invariant %u , %s\n",
			promise->invariant, name ? name : "");
		man_text(out, promise->text);
		if (promise->only || promise->never || promise->variant_only ||
		    promise->variant_never)
			fputs("(not in every cell)\n", out);
		fputs(".br\nCheck:\n", out);
		man_text(out, recipe_check(promise, check));
		fputs(".br\nSource:\n", out);
		man_text(out, promise->source);
	}
}

static void put_variants(FILE *out, const struct variant *variant)
{
	for (; variant && variant->name; variant++) {
		fprintf(out, ".It Variant Cm @%s\n", variant->name);
		man_text(out, variant->summary);
	}
}

static void put_links(FILE *out, const char *const *links)
{
	if (!links || !links[0])
		return;
	fputs(".It More\n", out);
	for (size_t i = 0; links[i]; i++)
		fprintf(out, ".Lk %s\n", links[i]);
}

static int put_scenarios(FILE *out)
{
	fputs(".Sh SCENARIOS\nOld data is in the file, written and synced, "
	      "before the first step.\n",
	      out);
	for (size_t i = 0; scenarios[i]; i++) {
		const struct scenario *scenario = scenarios[i];
		int ret;

		put_head(out, scenario->name, scenario->summary, scenario->why);
		if (scenario->destructive)
			put_titled(
				out, "Destructive",
				"it may make the running kernel warn, crash, "
				"or drop what it caches");
		if (scenario->require)
			put_titled(out, "Needs", scenario->require);
		ret = put_steps(out, scenario);
		if (ret < 0)
			return ret;
		put_promises(out, scenario->promises);
		put_variants(out, scenario->variants);
		put_links(out, scenario->links);
		fputs(".El\n", out);
	}
	return 0;
}

int man_cells(FILE *out)
{
	int ret;

	fputs(".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
	      ".\\\" Made by gupcheck list --man\n"
	      ".Dd " PAGE_DATE "\n"
	      ".Dt GUPCHECK-CELLS 7\n"
	      ".Os\n"
	      ".Sh NAME\n"
	      ".Nm gupcheck-cells\n"
	      ".Nd mechanisms, filesystems and scenarios of gupcheck\n"
	      ".Sh DESCRIPTION\n"
	      "A cell of\n"
	      ".Xr gupcheck 1\n"
	      "is\n"
	      ".Ar mechanism Ns / Ns Ar filesystem Ns / Ns Ar scenario Ns Op "
	      "@ Ns Ar variant .\n"
	      "This page has every part.\n"
	      ".Ql gupcheck explain CELL\n"
	      "tells how they go together,\n"
	      ".Ql gupcheck list cells\n"
	      "which do.\n"
	      "Requirements are as in\n"
	      ".In gupcheck/require.h .\n",
	      out);
	put_mechanisms(out);
	put_filesystems(out);
	ret = put_scenarios(out);
	fputs(".Sh SEE ALSO\n.Xr gupcheck 1\n", out);
	if (ret < 0)
		return ret;
	return ferror(out) ? -EIO : 0;
}
