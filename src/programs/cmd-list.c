/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that only read descriptors and journals. */
#include <string.h>
#include "programs/commands.h"
#include "programs/options.h"

static bool wants_help(int argc, char **argv, const char *text)
{
	if (argc < 2 || (strcmp(argv[1], "-h") && strcmp(argv[1], "--help")))
		return false;
	fputs(text, stdout);
	return true;
}

int cmd_list(int argc, char **argv)
{
	struct error error = {0};
	const char *what = argc > 1 ? argv[1] : "cells";
	int first = argc > 1 ? 2 : 1;

	if (wants_help(
		    argc, argv,
		    "Usage: gupcheck list [mechanisms|filesystems|scenarios|cells] [GLOB]...\n"
		    "List what there is. Needs no root, changes nothing.\n"))
		return EXIT_AS_EXPECTED;
	if (list(stdout, what, (const char *const *)argv + first,
		 (size_t)(argc - first), &error) < 0)
		return common_fail(&error, EXIT_BAD_USAGE);
	return EXIT_AS_EXPECTED;
}

int cmd_explain(int argc, char **argv)
{
	struct error error = {0};
	struct cell_id id;

	if (wants_help(
		    argc, argv,
		    "Usage: gupcheck explain CELL\n"
		    "Print the recipe of a cell: steps, promises, kernel functions, links.\n"))
		return EXIT_AS_EXPECTED;
	if (argc != 2) {
		error_set(&error, 0,
			  "explain takes one cell id: see gupcheck list cells");
		return common_fail(&error, EXIT_BAD_USAGE);
	}
	if (common_cell_parse(argv[1], &id, &error) < 0)
		return common_fail(&error, EXIT_BAD_USAGE);
	return explain(stdout, &id) < 0 ? EXIT_HARNESS_BROKEN
					: EXIT_AS_EXPECTED;
}

static int report(struct common_options *common, int argc, char **argv)
{
	static const struct option long_options[] = {
		COMMON_LONG_OPTIONS,
		{0},
	};
	struct error error = {0};
	int option;

	if (wants_help(
		    argc, argv,
		    "Usage: gupcheck report [OPTION]... DIR\n"
		    "Render a stored run. The exit code is that of the run.\n"
		    "\n" FORMAT_OPTIONS_HELP
		    "      --strict          known issues count as unexpected\n"
		    "      --require GLOB    every cell that matches has to have given an answer\n"
		    "      --min-run N       so many cells have to, on each kernel\n"
		    "      --bisect          exit codes for git bisect run\n"))
		return EXIT_AS_EXPECTED;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "o:h", long_options, NULL)) !=
	       -1)
		if (common_options_parse(common, option, optarg, &error) <= 0) {
			common_unknown_option("report", argv, &error);
			return common_fail(&error, EXIT_BAD_USAGE);
		}
	if (optind + 1 != argc) {
		error_set(
			&error, 0,
			"report takes one folder: the one given to run or vm with -o");
		return common_fail(&error, EXIT_BAD_USAGE);
	}
	return common_report(common, argv[optind]);
}

int cmd_report(int argc, char **argv)
{
	struct common_options common;

	common_options_init(&common);
	return common_exit(&common, argc, argv, report(&common, argc, argv));
}
