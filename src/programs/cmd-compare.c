/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <string.h>
#include "base/cleanup.h"
#include "programs/commands.h"
#include "programs/options.h"
#include "report/compare.h"
#include "runner/decode.h"
#include "runner/sides.h"
#include "vm/vmlinux.h"

static const char help[] =
	"Usage: gupcheck compare [OPTION]... OLD NEW\n"
	"Tell what got worse, and what got better, from one stored run to another.\n"
	"OLD and NEW are folders of runs, or their journals; DIR:RELEASE is one kernel\n"
	"of a run that has several: a beginning that no other kernel has is enough.\n"
	"A,B,C, and a folder that holds several runs, are repeats on one kernel: what\n"
	"differs from run to run is noise, unless it is more than chance.\n"
	"\n"
	"      --format FORMAT   text (default), mail or json\n"
	"      --strict          what is worse in a known way counts like any other\n"
	"      --vmlinux FILE    tells where in the source call traces of NEW are; found\n"
	"                        by itself where NEW ran a build tree that is still there\n"
	"  -h, --help            this text\n"
	"\n"
	"Examples:\n"
	"  gupcheck compare results-before results-after\n"
	"  gupcheck compare gupcheck-results/stock:6.1 gupcheck-results/stock:6.12\n"
	"  gupcheck compare --format mail before after >mail.txt\n"
	"  gupcheck compare before-1,before-2,before-3 after-1,after-2,after-3\n"
	"\n"
	"Exit codes: 0 nothing got worse, 1 something did, 2 bad usage, 77 no cell was\n"
	"answered by both, 99 a run is not to be trusted.\n";

/** struct compare_command - the two sides are owned */
struct compare_command {
	const struct comparer *format;
	bool strict;
	const char *vmlinux;
	struct stored_side sides[2];
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

static int parse_vmlinux(struct compare_command *command, const char *path,
			 struct error *error)
{
	command->vmlinux = path;
	return access(path, R_OK)
		       ? error_set(error, -errno, "--vmlinux %s:", path)
		       : 0;
}

/* 1 when help is wanted. */
static int parse(struct compare_command *command, int argc, char **argv,
		 struct error *error)
{
	static const struct option long_options[] = {
		{"format", required_argument, NULL, 'F'},
		{"strict", no_argument, NULL, 'S'},
		{"vmlinux", required_argument, NULL, 'V'},
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
		else if (option == 'V')
			ret = parse_vmlinux(command, optarg, error);
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

/* The one of the user, or that of the tree that NEW ran; 0 or -errno */
static int find_vmlinux(const struct compare_command *command,
			char ret[PATH_MAX], struct error *error)
{
	const struct run_side *side = &command->sides[1].side;
	const struct run_kernel *kernel = side->kernel;
	const char *folder = json_string_value(
		json_object_get(side->run->command, "folder"));

	if (command->vmlinux) {
		snprintf(ret, PATH_MAX, "%s", command->vmlinux);
		return 0;
	}
	return kernel->input && kernel->image
		       ? vmlinux_find(folder, kernel->input, kernel->image, ret,
				      error)
		       : -ENOENT;
}

/* What cannot be decoded is shown as it is, with the reason in @ret_why. */
static int decode(const struct compare_command *command,
		  struct comparison *comparison, struct places *places,
		  struct error *ret_why)
{
	char vmlinux[PATH_MAX];
	int ret = decode_want(comparison, places);

	if (ret < 0 || !places->count)
		return ret;
	ret = find_vmlinux(command, vmlinux, ret_why);
	if (!ret)
		ret = places_resolve(places, vmlinux, ret_why);
	if (!ret)
		comparison->places = places;
	if (ret_why->text[0])
		comparison->not_decoded = ret_why->text;
	return ret == -ENOMEM ? ret : 0;
}

static int compare(const struct compare_command *command, struct error *error)
{
	struct comparison comparison;
	struct report_options how;
	struct places places = {NULL};
	struct error why = {""};
	int ret = comparison_make(&command->sides[0].side,
				  &command->sides[1].side, &comparison);

	report_options_for(stdout, &how);
	how.strict = command->strict;
	if (!ret)
		ret = decode(command, &comparison, &places, &why);
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
	places_done(&places);
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
		ret = side_load(argv[optind + i], &command.sides[i], &error);
	ret = ret < 0 ? EXIT_BAD_USAGE : compare(&command, &error);
	for (int i = 0; i < 2; i++)
		side_done(&command.sides[i]);
	if (error.text[0])
		common_fail(&error, ret);
	return ret;
}
