/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <string.h>
#include <sys/utsname.h>
#include "base/cleanup.h"
#include "programs/commands.h"
#include "programs/options.h"
#include "runner/run.h"
#include "runner/supervise.h"

static const char help[] =
	"Usage: gupcheck run [OPTION]... [GLOB]...\n"
	"Run the cells that match (all, without GLOB) on the running kernel.\n"
	"\n"
	"      --destructive     also cells that may make this kernel warn or oops\n" COMMON_OPTIONS_HELP
	"\n"
	"Examples:\n"
	"  gupcheck run admission\n"
	"  gupcheck run 'process_vm/xfs/*' --format json\n";

struct run_command {
	struct common_options common;
	struct run_options run;
	struct plan plan;
	struct rule_set rules;
	struct utsname host;
	struct journal *journal;
	char dir[PATH_MAX];
};

static int parse(struct run_command *command, int argc, char **argv,
		 struct error *error)
{
	static const struct option long_options[] = {
		{"destructive", no_argument, NULL, 'D'},
		COMMON_LONG_OPTIONS,
		{0},
	};
	int option;

	opterr = 0;
	common_options_init(&command->common);
	while ((option = getopt_long(argc, argv, "o:h", long_options, NULL)) !=
	       -1) {
		int ret = common_options_parse(&command->common, option, optarg,
					       error);

		if (ret < 0)
			return ret;
		if (option == 'D')
			command->run.destructive = true;
		else if (option == 'h')
			return 1;
		else if (!ret)
			return common_unknown_option("run", argv, error);
	}
	return 0;
}

static int execute(struct run_command *command, struct error *error)
{
	struct progress progress;
	int ret;

	progress_init(&progress);
	command->run.journal = command->journal;
	command->run.rules = &command->rules;
	command->run.release = command->host.release;
	command->run.limit_factor = 1;
	command->run.waiting = progress_waiting;
	command->run.progress = progress_show;
	command->run.progress_arg = &progress;
	ret = run_write_begin(command->journal, &command->plan,
			      command->host.release, command->host.machine,
			      "native");
	if (ret < 0)
		return error_set(
			error, ret,
			"%s: the journal cannot be written:", command->dir);
	interrupt_watch();
	ret = run_plan(&command->plan, &command->run, error);
	progress_clear(&progress);
	if (ret < 0 && ret != -EINTR)
		return ret;
	return journal_append(command->journal,
			      json_pack("{ss ss ss}", "type", "finish",
					"kernel", command->host.release,
					"reason",
					ret ? "interrupted" : "complete"),
			      true);
}

static int run(struct run_command *command, struct error *error)
{
	int ret;

	ret = common_journal_create(&command->common, &command->journal,
				    command->dir, sizeof(command->dir), error);
	if (ret < 0)
		return common_fail(error, EXIT_BAD_USAGE);
	ret = execute(command, error);
	command->journal = journal_close(command->journal);
	if (ret < 0)
		return common_fail(error, ret == -ENOSPC ? EXIT_NOTHING_RAN
							 : EXIT_HARNESS_BROKEN);
	ret = common_report(&command->common, command->dir);
	return interrupted() ? 128 + interrupted() : ret;
}

int cmd_run(int argc, char **argv)
{
	struct run_command command = {0};
	struct error error = {0};
	int ret = parse(&command, argc, argv, &error);

	if (ret > 0) {
		fputs(help, stdout);
		return EXIT_AS_EXPECTED;
	}
	uname(&command.host);
	if (!ret)
		ret = plan_build((const char *const *)argv + optind,
				 (size_t)(argc - optind), &command.plan,
				 &error);
	if (!ret)
		ret = common_rules_load(&command.common, &command.rules,
					&error);
	ret = ret < 0 ? common_fail(&error, EXIT_BAD_USAGE)
		      : run(&command, &error);
	rule_set_done(&command.rules);
	plan_done(&command.plan);
	return ret;
}
