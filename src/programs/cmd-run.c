/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/utsname.h>
#include "base/cleanup.h"
#include "programs/commands.h"
#include "programs/request.h"
#include "kernel/boot-id.h"
#include "kernel/config-hash.h"
#include "kernel/root.h"
#include "runner/begin.h"
#include "runner/image-store.h"
#include "runner/run.h"
#include "runner/stale.h"
#include "runner/supervise.h"

static const char help[] =
	"Usage: gupcheck run [OPTION]... [GLOB]...\n"
	"Run the cells that match (all, without GLOB) on the running kernel.\n"
	"\n"
	"      --destructive     also cells that may make this kernel warn or oops\n" COMMON_OPTIONS_HELP
	"\n"
	"Examples:\n"
	"  gupcheck run admission\n"
	"  gupcheck run 'process_vm/xfs/*' --format json\n"
	"  gupcheck run --resume gupcheck-results/20251123-101500-4711\n";

struct run_command {
	struct request request;
	struct run_options run;
	struct rule_set rules;
	struct utsname host;
};

static int parse(struct run_command *command, int argc, char **argv,
		 struct error *error)
{
	static const struct option long_options[] = {
		{"destructive", no_argument, NULL, 'D'},
		RESUME_LONG_OPTION,
		COMMON_LONG_OPTIONS,
		{0},
	};
	struct common_options *common = &command->request.common;
	int option;

	opterr = 0;
	common_options_init(common);
	while ((option = getopt_long(argc, argv, "o:h", long_options, NULL)) !=
	       -1) {
		int ret = common_options_parse(common, option, optarg, error);

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

/* The kernel's part of the journal that is gone on with, or NULL */
static const struct run_kernel *begun(const struct run_command *command)
{
	const struct run *before = command->request.before;

	return before ? run_find_kernel(before, command->host.release) : NULL;
}

static int resume(struct run_command *command, int words, struct error *error)
{
	struct request *request = &command->request;
	int ret = request_resume(request, words, error);

	if (ret < 0)
		return ret;
	command->run.destructive |=
		json_is_true(json_object_get(request->options, "destructive"));
	if (request->before->kernel_count && !begun(command))
		return error_set(
			error, -EINVAL,
			"--resume %s: was begun on %s, this kernel is %s: boot the other one, or begin another run",
			request->common.resume,
			request->before->kernels[0].release,
			command->host.release);
	return 0;
}

/* All that can be found wrong before the first cell */
static int prepare(struct run_command *command, int argc, char **argv,
		   struct error *error)
{
	struct request *request = &command->request;
	int ret;

	request->command = "run";
	request->arguments = argv;
	uname(&command->host);
	if (request->common.resume)
		ret = resume(command, argc - optind, error);
	else
		ret = request_plan(request, argv + optind, argc - optind,
				   error);
	if (!ret)
		ret = common_rules_load(&request->common, &command->rules,
					error);
	if (!ret && !request->before)
		ret = request_create(request,
				     json_pack("{sb}", "destructive",
					       command->run.destructive),
				     error);
	return ret;
}

/*
 * A cell that was under way when the machine went down may have taken it along,
 * and would again. Where only gupcheck was killed it is run once more.
 */
static int settle(struct run_command *command)
{
	const struct run_kernel *kernel = begun(command);
	struct run *before = command->request.before;
	struct judgement judgement = {.verdict = VERDICT_VANISHED};
	char boot[BOOT_ID_SIZE];
	struct cell_id id;

	boot_id_read(boot);
	if (!kernel || !kernel->boot || !strcmp(kernel->boot, boot))
		return 0;
	snprintf(
		judgement.reason, sizeof(judgement.reason),
		"the machine was restarted while this cell ran (boot %s, now %s); it is not run again",
		kernel->boot, boot);
	for (size_t i = 0; i < before->record_count; i++) {
		struct record *record = &before->records[i];
		int ret;

		if (!record->started || record->finished ||
		    cell_id_parse(record->id, &id, NULL) < 0)
			continue;
		ret = journal_append(command->request.journal,
				     run_end_record(&id, command->host.release,
						    &command->rules, &judgement,
						    NULL, 0),
				     true);
		if (ret < 0)
			return ret;
		record->finished = true;
	}
	return 0;
}

/* The cells that are still to be run; the array is the caller's */
static int remaining(const struct run_command *command, struct plan *ret)
{
	const struct request *request = &command->request;
	char id[CELL_ID_SIZE];

	*ret = (struct plan){
		.cells = calloc(request->plan.count + 1, sizeof(*ret->cells))};
	if (!ret->cells)
		return -ENOMEM;
	for (size_t i = 0; i < request->plan.count; i++) {
		const struct cell_id *cell = &request->plan.cells[i];
		const struct record *record =
			request->before ? run_find(request->before,
						   command->host.release,
						   cell_id_format(cell, id))
					: NULL;

		if (!record || !record->finished)
			ret->cells[ret->count++] = *cell;
	}
	return 0;
}

static int add_image(void *arg, const void *data, size_t len)
{
	return image_store_add(arg, data, len);
}

static int end_image(void *arg, const char *name)
{
	if (name)
		return image_store_keep(arg, name);
	image_store_drop(arg);
	return 0;
}

/* Runs @plan, and keeps what is to be kept of its images */
static int run_keeping(struct run_command *command, const struct plan *plan,
		       struct error *error)
{
	struct image_store store = {.dir = command->request.dir, .file = -1};
	cleanup_free uint32_t *keep =
		keep_plan(command->request.common.keep, &command->rules, plan,
			  command->host.release);
	int ret;

	if (!keep)
		return -ENOMEM;
	command->run.keep = keep;
	command->run.image = (struct image_sink){&store, add_image};
	command->run.image_end = end_image;
	ret = run_plan(plan, &command->run, error);
	image_store_drop(&store);
	return ret;
}

static int execute(struct run_command *command, const struct plan *plan,
		   struct error *error)
{
	struct request *request = &command->request;
	struct begin begin = {
		.release = command->host.release,
		.machine = command->host.machine,
		.accelerator = "native",
	};
	char config[CONFIG_HASH_SIZE];
	struct progress progress;
	int ret, stale;

	progress_init(&progress);
	command->run.journal = request->journal;
	command->run.rules = &command->rules;
	command->run.release = command->host.release;
	command->run.time_limit = request->common.time_limit;
	command->run.waiting = progress_waiting;
	command->run.progress = progress_show;
	command->run.progress_arg = &progress;
	if (!config_hash_running(ROOT_REAL, config))
		begin.config = config;
	ret = begin_write(request->journal, &request->plan, &begin);
	if (ret < 0)
		return ret;
	interrupt_watch();
	ret = run_keeping(command, plan, error);
	progress_clear(&progress);
	if (ret < 0 && ret != -EINTR && ret != -ETIME)
		return ret;
	stale = stale_write(request->journal, &command->rules,
			    command->host.release);
	if (stale < 0)
		return stale;
	return journal_append(request->journal,
			      json_pack("{ss ss ss}", "type", "finish",
					"kernel", command->host.release,
					"reason",
					ret == -EINTR	? FINISH_INTERRUPTED
					: ret == -ETIME ? FINISH_TIME_OVER
							: "complete"),
			      true);
}

/* Runs what is left to be run; 0 or -errno */
static int go_on(struct run_command *command, struct error *error)
{
	const struct run_kernel *kernel = begun(command);
	struct plan plan = {NULL};
	int ret;

	if (kernel && run_kernel_complete(command->request.before, kernel))
		return 0;
	ret = settle(command);
	if (!ret)
		ret = remaining(command, &plan);
	if (!ret)
		ret = execute(command, &plan, error);
	plan_done(&plan);
	return ret;
}

static int run(struct run_command *command, struct error *error)
{
	struct request *request = &command->request;
	int ret = go_on(command, error);
	int failed = journal_failed(request->journal);

	request->journal = journal_close(request->journal);
	if (failed)
		return common_journal_fail("run", request->dir, failed);
	if (ret < 0) {
		error_set(error, ret, "%s:", request->dir);
		return common_fail(
			error, ret == -ENOSPC
				       ? common_nothing_ran(&request->common)
				       : EXIT_HARNESS_BROKEN);
	}
	ret = common_report(&request->common, request->dir);
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
	if (!ret)
		ret = prepare(&command, argc, argv, &error);
	ret = ret < 0 ? common_fail(&error, EXIT_BAD_USAGE)
		      : run(&command, &error);
	ret = common_exit(&command.request.common, argc, argv, ret);
	rule_set_done(&command.rules);
	request_done(&command.request);
	return ret;
}
