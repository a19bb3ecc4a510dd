/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "programs/commands.h"
#include "programs/words.h"
#include "report/compare.h"
#include "report/exit-style.h"
#include "report/explain-errno.h"
#include "report/report.h"

#define ERRNO_END 134

static int list_commands(FILE *out)
{
	for (const struct command *at = commands; at->name; at++)
		fprintf(out, "%s\n", at->name);
	return 1;
}

static int list_formats(FILE *out, const char *command, struct error *error)
{
	if (!command || !strcmp(command, "report") || !strcmp(command, "run") ||
	    !strcmp(command, "vm")) {
		for (const struct reporter *at = reporters; at->name; at++)
			fprintf(out, "%-16s  %s\n", at->name, at->summary);
		return 1;
	}
	if (!strcmp(command, "compare")) {
		for (const struct comparer *at = comparers; at->name; at++)
			fprintf(out, "%s\n", at->name);
		return 1;
	}
	if (!strcmp(command, "doctor")) {
		fputs("text\njson\n", out);
		return 1;
	}
	return error_set(error, -EINVAL,
			 "%s has no formats: list formats takes report, run, "
			 "vm, compare or doctor",
			 command);
}

/* bisect depends on the cells, too, and is none of the table */
static int list_exit_styles(FILE *out)
{
	for (const struct exit_style *at = exit_styles; at->name; at++)
		fprintf(out, "%s\n", at->name);
	fputs("bisect\n", out);
	return 1;
}

static void list_matches(FILE *out, const char *pattern, const char *before)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		fprintf(out, "%s\n",
			strrchr(found.gl_pathv[i], '/') + 1 + strlen(before));
	globfree(&found);
}

/* As vm/cache.c has it, but nothing is made here: listing changes nothing. */
static int list_kernels(FILE *out)
{
	const char *base = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	char pattern[PATH_MAX];
	int len = 0;

	if (base && base[0] == '/')
		len = snprintf(pattern, sizeof(pattern),
			       "%s/gupcheck/kernels/[0-9]*", base);
	else if (home && home[0] == '/')
		len = snprintf(pattern, sizeof(pattern),
			       "%s/.cache/gupcheck/kernels/[0-9]*", home);
	if (len > 0 && len < (int)sizeof(pattern))
		list_matches(out, pattern, "");
	list_matches(out, "/boot/vmlinuz-[0-9]*", "vmlinuz-");
	return 1;
}

static bool is_known(int error)
{
	struct pin_errno cause;

	for (size_t i = 0; errno_cause(i, ~0U, &cause); i++)
		if (cause.error == error)
			return true;
	for (size_t i = 0; mechanisms[i]; i++) {
		const struct pin_errno *at = mechanisms[i]->errnos;

		if (errno_is_refusal(mechanisms[i], error))
			return true;
		for (; at && at->error; at++)
			if (at->error == error)
				return true;
	}
	return false;
}

static int list_errnos(FILE *out)
{
	for (int error = 1; error < ERRNO_END; error++)
		if (is_known(error))
			fprintf(out, "%-10s  %s\n", errno_name(error),
				strerror(error));
	return 1;
}

int words_list(FILE *out, const char *what, const char *command,
	       struct error *error)
{
	if (!strcmp(what, "commands"))
		return list_commands(out);
	if (!strcmp(what, "formats"))
		return list_formats(out, command, error);
	if (!strcmp(what, "exit-styles"))
		return list_exit_styles(out);
	if (!strcmp(what, "kernels"))
		return list_kernels(out);
	if (!strcmp(what, "errnos"))
		return list_errnos(out);
	return 0;
}
