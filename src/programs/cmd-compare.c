/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "base/cleanup.h"
#include "programs/commands.h"
#include "programs/options.h"
#include "report/compare.h"

static const char help[] =
	"Usage: gupcheck compare [OPTION]... OLD NEW\n"
	"Tell what got worse, and what got better, from one stored run to another.\n"
	"OLD and NEW are folders of runs, or their journals; DIR:RELEASE is one kernel\n"
	"of a run that has several: a beginning that no other kernel has is enough.\n"
	"\n"
	"      --format FORMAT   text (default), mail or json\n"
	"      --strict          what is worse in a known way counts like any other\n"
	"  -h, --help            this text\n"
	"\n"
	"Examples:\n"
	"  gupcheck compare results-before results-after\n"
	"  gupcheck compare gupcheck-results/stock:6.1 gupcheck-results/stock:6.12\n"
	"  gupcheck compare --format mail before after >mail.txt\n"
	"\n"
	"Exit codes: 0 nothing got worse, 1 something did, 2 bad usage, 77 no cell was\n"
	"answered by both, 99 a run is not to be trusted.\n";

/** struct compare_command - the two runs are owned */
struct compare_command {
	const struct comparer *format;
	bool strict;
	struct run *runs[2];
	struct run_side sides[2];
};

static int parse_format(struct compare_command *command, const char *name,
			struct error *error)
{
	command->format = comparer_find(name);
	return command->format
		       ? 0
		       : error_set(
				 error, -EINVAL,
				 "--format %s: no such format; there is text, mail, json",
				 name);
}

/* 1 when help is wanted. */
static int parse(struct compare_command *command, int argc, char **argv,
		 struct error *error)
{
	static const struct option long_options[] = {
		{"format", required_argument, NULL, 'F'},
		{"strict", no_argument, NULL, 'S'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	opterr = 0;
	command->format = comparer_find("text");
	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) !=
	       -1) {
		int ret = 0;

		if (option == 'h')
			return 1;
		if (option == 'S')
			command->strict = true;
		else if (option == 'F')
			ret = parse_format(command, optarg, error);
		else
			ret = common_unknown_option("compare", argv, error);
		if (ret < 0)
			return ret;
	}
	if (argc - optind != 2)
		return error_set(
			error, -EINVAL,
			"compare takes two runs, OLD and NEW: see gupcheck compare --help");
	return 0;
}

/* A path may hold colons, so one that is there is meant as it stands. */
static int load(const char *name, struct run **ret_run, struct run_side *ret,
		struct error *error)
{
	cleanup_free char *path = strdup(name);
	struct error why = {0};
	char *prefix = NULL;
	int failed;

	if (!path)
		return error_set(error, -ENOMEM, "%s:", name);
	if (access(path, F_OK) < 0) {
		prefix = strrchr(path, ':');
		if (prefix)
			*prefix++ = '\0';
	}
	failed = journal_load(path, ret_run, &why);
	if (failed < 0)
		return error_set(
			error, failed,
			"%s; give a folder that run or vm has written, or its journal",
			why.text);
	ret->name = name;
	ret->run = *ret_run;
	return run_pick_kernel(*ret_run, prefix, path, &ret->kernel, error);
}

static int compare(const struct compare_command *command, struct error *error)
{
	struct comparison comparison;
	struct report_options how;
	int ret = comparison_make(&command->sides[0], &command->sides[1],
				  &comparison);

	report_options_for(stdout, &how);
	how.strict = command->strict;
	if (!ret)
		ret = command->format->render(stdout, &comparison, &how);
	if (ret < 0 || fflush(stdout)) {
		error_set(error, ret < 0 ? ret : -EIO,
			  "the comparison cannot be written:");
		ret = EXIT_HARNESS_BROKEN;
	} else {
		ret = comparison_exit_code(&comparison, command->strict);
	}
	comparison_done(&comparison);
	return ret;
}

int cmd_compare(int argc, char **argv)
{
	struct compare_command command = {.strict = false};
	struct error error = {0};
	int ret = parse(&command, argc, argv, &error);

	if (ret > 0) {
		fputs(help, stdout);
		return EXIT_AS_EXPECTED;
	}
	for (int i = 0; !ret && i < 2; i++)
		ret = load(argv[optind + i], &command.runs[i],
			   &command.sides[i], &error);
	ret = ret < 0 ? EXIT_BAD_USAGE : compare(&command, &error);
	for (int i = 0; i < 2; i++)
		run_free(command.runs[i]);
	if (error.text[0])
		common_fail(&error, ret);
	return ret;
}
