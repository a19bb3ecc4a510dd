/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "base/cleanup.h"
#include "programs/bisect.h"
#include "programs/commands.h"
#include "programs/options.h"

#define RUNS_MAX 64
#define CONFIDENCE_DEFAULT 0.99

static const char help[] =
	"Usage: gupcheck bisect --good DIR --bad DIR [OPTION]... [STEP]...\n"
	"Tell from stored runs whether the kernel of STEP is good or bad, for git bisect.\n"
	"Without STEP: whether the two ends are fit to be bisected between. DIR and STEP\n"
	"are folders that `run` or `vm` has written, each with one kernel; --good, --bad\n"
	"and STEP may be given several times for several runs of the same kernel.\n"
	"scripts/bisect-run does all of it.\n"
	"\n"
	"  What is looked for are the cells that are worse at the bad end.\n"
	"\n"
	"      --bad-when LIST   look for these answers instead: verdicts or outcomes,\n"
	"                        each with =ERRNO and ~PART-OF-THE-REASON where wanted:\n"
	"                        exposed,corrupt  refused=EFAULT  oops~ext4_writepages\n"
	"      --good-when LIST  the answers of a good step; default: not worse than\n"
	"                        at the good end\n"
	"      --either-way      any other answer is looked for, also a better one\n"
	"      --lost HOW        what a kernel that hangs or dies is taken for: skip,\n"
	"                        bad, abort; default: bad when the bad end crashes or\n"
	"                        hangs, else skip\n"
	"      --confidence P    how sure a good step has to be when not all runs of the\n"
	"                        bad end show what is looked for; default 0.99\n"
	"      --print cells     what is looked for, one id a line, instead of text\n"
	"      --print fewest    of these one for each mechanism and pair of answers:\n"
	"                        what a step has to run\n"
	"      --print repeats   how many good runs make a good step\n"
	"  -h, --help            this text\n"
	"\n"
	"Examples:\n"
	"  gupcheck bisect --good runs/v6.12 --bad runs/v6.13\n"
	"  gupcheck bisect --good runs/v6.12 --bad runs/v6.13 runs/v6.12-rc7\n"
	"\n"
	"Exit codes: 0 good, or the ends are fit; 1 bad; 125 cannot tell; 128 the ends\n"
	"are not fit; 129 bad usage.\n";

/** struct end - runs of one kernel; @stored are owned */
struct end {
	struct run *stored[RUNS_MAX];
	struct run_side runs[RUNS_MAX];
	size_t count;
};

/** struct bisect_command - @print: cells, fewest, repeats, or NULL */
struct bisect_command {
	struct bisect_looking looking;
	struct end good;
	struct end bad;
	double confidence;
	const char *print;
};

static int add_run(struct end *end, const char *name, struct error *error)
{
	struct run_side *side = &end->runs[end->count];
	struct error why = {""};
	int ret;

	if (end->count == RUNS_MAX)
		return error_set(error, -E2BIG,
				 "%s: no more than %d runs of one kernel", name,
				 RUNS_MAX);
	ret = journal_load(name, &end->stored[end->count], &why);
	if (ret < 0)
		return error_set(error, ret,
				 "%s; give a folder that run or vm has written",
				 why.text);
	side->name = name;
	side->run = end->stored[end->count++];
	return run_pick_kernel(side->run, NULL, name, &side->kernel, error);
}

static void end_done(struct end *end)
{
	for (size_t i = 0; i < end->count; i++)
		run_free(end->stored[i]);
}

static int parse_confidence(struct bisect_command *command, const char *text,
			    struct error *error)
{
	char *end;

	command->confidence = strtod(text, &end);
	if (end == text || *end || !(command->confidence > 0.0) ||
	    !(command->confidence < 1.0))
		return error_set(
			error, -EINVAL,
			"--confidence %s: give a number above 0 and below 1, such as 0.99",
			text);
	return 0;
}

static int parse_print(struct bisect_command *command, const char *what,
		       struct error *error)
{
	command->print = what;
	if (!strcmp(what, "cells") || !strcmp(what, "fewest") ||
	    !strcmp(what, "repeats"))
		return 0;
	return error_set(error, -EINVAL,
			 "--print %s: give cells, fewest or repeats", what);
}

static int parse_option(struct bisect_command *command, int option, char **argv,
			struct error *error)
{
	int ret;

	switch (option) {
	case 'g':
		return add_run(&command->good, optarg, error);
	case 'b':
		return add_run(&command->bad, optarg, error);
	case 'C':
		return parse_confidence(command, optarg, error);
	case 'P':
		return parse_print(command, optarg, error);
	default:
		break;
	}
	ret = bisect_option(&command->looking, option, optarg, error);
	return ret ? ret : common_unknown_option("bisect", argv, error);
}

/* 1 when help is wanted. */
static int parse(struct bisect_command *command, int argc, char **argv,
		 struct error *error)
{
	static const struct option long_options[] = {
		{"good", required_argument, NULL, 'g'},
		{"bad", required_argument, NULL, 'b'},
		{"confidence", required_argument, NULL, 'C'},
		{"print", required_argument, NULL, 'P'},
		BISECT_LONG_OPTIONS,
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option, ret;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) !=
	       -1) {
		if (option == 'h')
			return 1;
		ret = parse_option(command, option, argv, error);
		if (ret < 0)
			return ret;
	}
	if (!command->good.count || !command->bad.count)
		return error_set(
			error, -EINVAL,
			"bisect needs both ends: give --good DIR and --bad DIR");
	return 0;
}

static void print_ends(const struct bisect_command *command,
		       const struct bisection *bisection)
{
	unsigned int repeats = bisect_repeats(
		bisection->seen, bisection->bad_runs, command->confidence);

	if (command->print && !strcmp(command->print, "repeats")) {
		printf("%u\n", repeats);
		return;
	}
	for (size_t i = 0; i < bisection->count; i++) {
		const struct looked_for *cell = &bisection->cells[i];

		if (!command->print)
			bisect_tell_cell(stdout, cell);
		else if (strcmp(command->print, "fewest") != 0 ||
			 bisection_leads(bisection, cell))
			puts(cell->id);
	}
	if (command->print)
		return;
	printf("%zu %s the ends apart, seen in %zu of %zu runs of the bad end",
	       bisection->count,
	       bisection->count == 1 ? "cell tells" : "cells tell",
	       bisection->seen, bisection->bad_runs);
	if (repeats > 1)
		printf("; %u good runs make a good step", repeats);
	putchar('\n');
}

/* One run of the step; of a kernel that was not up nothing is known. */
static enum bisect_exit judge(const struct bisection *bisection,
			      const char *name, struct error *error)
{
	struct end step = {.count = 0};
	enum bisect_exit code = EXIT_BISECT_SKIP;
	int ret = add_run(&step, name, error);

	if (!ret)
		code = bisect_tell(stdout, bisection, &step.runs[0]);
	else if (ret == -ENODATA)
		printf("cannot tell: %s: nothing was run\n", name);
	else
		code = EXIT_BISECT_USAGE;
	if (code != EXIT_BISECT_USAGE)
		error->text[0] = '\0';
	end_done(&step);
	return code;
}

/* The worst of several runs: bad in one is bad. */
static enum bisect_exit judge_all(const struct bisection *bisection,
				  char **names, int count, struct error *error)
{
	enum bisect_exit code = EXIT_BISECT_GOOD;

	for (int i = 0; i < count; i++) {
		enum bisect_exit one = judge(bisection, names[i], error);

		if (one == EXIT_BISECT_BAD || one >= EXIT_BISECT_ABORT)
			return one;
		if (one == EXIT_BISECT_SKIP)
			code = one;
	}
	return code;
}

static enum bisect_exit bisect(const struct bisect_command *command,
			       char **steps, int count, struct error *error)
{
	struct bisection_end good = {command->good.runs, command->good.count};
	struct bisection_end bad = {command->bad.runs, command->bad.count};
	struct bisection bisection;
	struct bisect_rule rule;
	enum bisect_exit code = EXIT_BISECT_GOOD;

	bisect_rule_make(&command->looking, &rule);
	if (bisection_begin(&rule, &good, &bad, &bisection, error) < 0)
		code = EXIT_BISECT_ABORT;
	else if (count)
		code = judge_all(&bisection, steps, count, error);
	else
		print_ends(command, &bisection);
	bisection_done(&bisection);
	return code;
}

int cmd_bisect(int argc, char **argv)
{
	struct bisect_command command = {.confidence = CONFIDENCE_DEFAULT};
	struct error error = {""};
	int ret = parse(&command, argc, argv, &error);

	if (ret > 0) {
		fputs(help, stdout);
		return EXIT_BISECT_GOOD;
	}
	ret = ret < 0 ? EXIT_BISECT_USAGE
		      : bisect(&command, argv + optind, argc - optind, &error);
	if (!ret && fflush(stdout))
		ret = error_set(&error, EXIT_BISECT_ABORT,
				"what was found cannot be written");
	bisect_looking_done(&command.looking);
	end_done(&command.good);
	end_done(&command.bad);
	if (error.text[0])
		common_fail(&error, ret);
	return ret;
}
