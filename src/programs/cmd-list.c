/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that only read descriptors and journals. */
#include <string.h>
#include "programs/commands.h"
#include "programs/options.h"
#include "programs/words.h"
#include "report/man.h"

static bool wants_help(int argc, char **argv, const char *text)
{
	if (argc < 2 || (strcmp(argv[1], "-h") && strcmp(argv[1], "--help")))
		return false;
	fputs(text, stdout);
	return true;
}

static const char list_help[] =
	"Usage: gupcheck list [OPTION]... [mechanisms|filesystems|scenarios|cells] [GLOB]...\n"
	"       gupcheck list commands|kernels|errnos|exit-styles|formats [COMMAND]\n"
	"List what there is. Needs no root, changes nothing.\n"
	"\n"
	"      --man             all of it as a manual page, gupcheck-cells(7)\n"
	"      --shard I/N       the cells that gupcheck run --shard I/N runs\n"
	"  -h, --help            this text\n"
	"\n"
	"Examples:\n"
	"  gupcheck list mechanisms\n"
	"  gupcheck list cells 'rdma_mr/xfs/*'\n"
	"  gupcheck list --man | man -l -\n";

int cmd_list(int argc, char **argv)
{
	static const struct option long_options[] = {
		{"shard", required_argument, NULL, 'H'},
		{"man", no_argument, NULL, 'M'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct error error = {0};
	struct shard shard = {0};
	const char *what = "cells";
	int option, ret = 0;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) !=
	       -1) {
		if (option == 'h') {
			fputs(list_help, stdout);
			return EXIT_AS_EXPECTED;
		}
		if (option == 'M')
			return man_cells(stdout) < 0 ? EXIT_HARNESS_BROKEN
						     : EXIT_AS_EXPECTED;
		ret = option == 'H'
			      ? shard_parse(optarg, &shard, &error)
			      : common_unknown_option("list", argv, &error);
		if (ret < 0)
			return common_fail(&error, EXIT_BAD_USAGE);
	}
	if (optind < argc)
		what = argv[optind++];
	ret = words_list(stdout, what, argv[optind], &error);
	if (ret)
		return ret < 0 ? common_fail(&error, EXIT_BAD_USAGE)
			       : EXIT_AS_EXPECTED;
	ret = list(stdout, what, (const char *const *)argv + optind,
		   (size_t)(argc - optind), &shard, &error);
	return ret < 0 ? common_fail(&error, EXIT_BAD_USAGE) : EXIT_AS_EXPECTED;
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
		    "      --bisect          exit codes for git bisect run\n"
		    "  -h, --help            this text\n"
		    "\n"
		    "Examples:\n"
		    "  gupcheck report gupcheck-results/20251123-101500-4711\n"
		    "  gupcheck report --format html DIR >report.html\n"))
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
