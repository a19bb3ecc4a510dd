/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "base/cleanup.h"
#include "programs/commands.h"
#include "programs/request.h"
#include "programs/target.h"
#include "runner/supervise.h"
#include "vm/qemu.h"
#include "vm/vm.h"

#define KERNELS_MAX 32
#define MEMORY_DEFAULT_MIB 1024
#define MEMORY_MIN_MIB 512

static const char help[] =
	"Usage: gupcheck vm --kernel KERNEL [--kernel KERNEL]... [OPTION]... [GLOB]...\n"
	"Run the cells that match (all, without GLOB) on kernels booted in QEMU.\n"
	"\n"
	"  -k, --kernel KERNEL   a release that is installed here (6.1.0-50-amd64); a\n"
	"                        series of stock Debian kernels (6.1) or a package\n"
	"                        (linux-image-6.1.0-50-amd64), fetched when it is not\n"
	"                        in the cache; .deb files joined by commas; a folder:\n"
	"                        an unpacked package, or where a kernel was built,\n"
	"                        with its modules; a file: a boot image or an ELF\n"
	"                        vmlinux\n"
	"      --modules DIR     modules of the --kernel before it: the folder that\n"
	"                        holds lib/modules, or where they were built; without\n"
	"                        it a kernel file has everything built in\n"
	"      --append ARGS     further kernel arguments\n"
	"      --accel HOW       auto (default): KVM where this kernel is seen to boot\n"
	"                        under it, else TCG; kvm; tcg\n"
	"      --memory MIB      memory of the guest, default 1024\n" COMMON_OPTIONS_HELP
	"\n"
	"Examples:\n"
	"  gupcheck vm --kernel 6.1 --kernel 6.12 rdma_mr\n"
	"  gupcheck vm --kernel ~/linux-before --kernel ~/linux-after admission\n"
	"  gupcheck vm --resume gupcheck-results/20251123-101500-4711\n";

/**
 * struct vm_command
 * @before: cells of the kernels that are through
 */
struct vm_command {
	struct request request;
	struct vm_options vm;
	struct target targets[KERNELS_MAX];
	size_t count;
	struct rule_set rules;
	struct progress progress;
	size_t before;
};

static int parse_memory(struct vm_command *command, const char *text,
			struct error *error)
{
	char *end;
	unsigned long mib = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || mib < MEMORY_MIN_MIB ||
	    mib > UINT_MAX)
		return error_set(error, -EINVAL,
				 "--memory %s: give MiB, %d or more", text,
				 MEMORY_MIN_MIB);
	command->vm.memory_mib = (unsigned int)mib;
	return 0;
}

static int add_kernel(struct vm_command *command, const char *input,
		      struct error *error)
{
	if (command->count == KERNELS_MAX)
		return error_set(error, -E2BIG,
				 "--kernel %s: no more than %d kernels at once",
				 input, KERNELS_MAX);
	command->targets[command->count++].input = input;
	return 0;
}

static int parse_option(struct vm_command *command, int option,
			struct error *error)
{
	switch (option) {
	case 'k':
		return add_kernel(command, optarg, error);
	case 'm':
		if (!command->count)
			return error_set(
				error, -EINVAL,
				"--modules %s: stands behind the --kernel that they are for",
				optarg);
		command->targets[command->count - 1].modules = optarg;
		return 0;
	case 'a':
		command->vm.append = optarg;
		return 0;
	case 'A':
		if (accel_from_string(optarg, &command->vm.accel) < 0)
			return error_set(error, -EINVAL,
					 "--accel %s: give auto, kvm or tcg",
					 optarg);
		return 0;
	case 'M':
		return parse_memory(command, optarg, error);
	default:
		return -ENOENT;
	}
}

static int parse(struct vm_command *command, int argc, char **argv,
		 struct error *error)
{
	static const struct option long_options[] = {
		{"kernel", required_argument, NULL, 'k'},
		{"modules", required_argument, NULL, 'm'},
		{"append", required_argument, NULL, 'a'},
		{"accel", required_argument, NULL, 'A'},
		{"memory", required_argument, NULL, 'M'},
		RESUME_LONG_OPTION,
		COMMON_LONG_OPTIONS,
		{0},
	};
	struct common_options *common = &command->request.common;
	int option, ret;

	opterr = 0;
	common_options_init(common);
	while ((option = getopt_long(argc, argv, "k:o:h", long_options,
				     NULL)) != -1) {
		if (option == 'h')
			return 1;
		ret = common_options_parse(common, option, optarg, error);
		if (!ret)
			ret = parse_option(command, option, error);
		if (ret == -ENOENT)
			ret = common_unknown_option("vm", argv, error);
		if (ret < 0)
			return ret;
	}
	if (common->resume && command->count)
		return error_set(
			error, -EINVAL,
			"--resume %s: goes on with the kernels of that run: give no --kernel",
			common->resume);
	if (!common->resume && !command->count)
		return error_set(error, -EINVAL,
				 "no kernel: give --kernel, e.g. --kernel 6.1");
	return 0;
}

static json_t *request_record(const struct vm_command *command)
{
	const struct vm_options *vm = &command->vm;
	json_t *kernels = json_array();

	for (size_t i = 0; i < command->count; i++) {
		const struct target *target = &command->targets[i];

		json_array_append_new(
			kernels,
			json_pack("{so so}", "input",
				  journal_text(target->input), "modules",
				  target->modules
					  ? journal_text(target->modules)
					  : json_null()));
	}
	return json_pack("{so so ss sI}", "kernels", kernels, "append",
			 vm->append ? journal_text(vm->append) : json_null(),
			 "accel", accel_to_string(vm->accel), "memory",
			 (json_int_t)vm->memory_mib);
}

/* What the command line does not say is as it was */
static int take_options(struct vm_command *command, struct error *error)
{
	const json_t *options = command->request.options;
	struct vm_options *vm = &command->vm;
	const char *accel =
		json_string_value(json_object_get(options, "accel"));

	if (!vm->append)
		vm->append =
			json_string_value(json_object_get(options, "append"));
	if (!vm->memory_mib)
		vm->memory_mib = (unsigned int)json_integer_value(
			json_object_get(options, "memory"));
	if (vm->accel != ACCEL_AUTO ||
	    (accel && !accel_from_string(accel, &vm->accel)))
		return 0;
	return error_set(
		error, -EINVAL,
		"--resume %s: its journal is damaged: begin another run",
		command->request.dir);
}

static int resume(struct vm_command *command, int words, struct error *error)
{
	struct request *request = &command->request;
	json_t *kernels, *kernel;
	size_t i;
	int ret = request_resume(request, words, error);

	if (!ret)
		ret = take_options(command, error);
	kernels = json_object_get(request->options, "kernels");
	command->vm.resumed = request->before;
	for (i = 0; !ret && i < json_array_size(kernels); i++) {
		const char *input;

		kernel = json_array_get(kernels, i);
		input = json_string_value(json_object_get(kernel, "input"));
		ret = add_kernel(command, input ? input : "", error);
		if (ret < 0)
			break;
		command->targets[i].modules =
			json_string_value(json_object_get(kernel, "modules"));
		command->targets[i].begun = target_find_begun(
			request->before, command->targets[i].input);
	}
	return ret;
}

/* All that can be found wrong before the first guest is started. */
static int prepare(struct vm_command *command, int argc, char **argv,
		   struct error *error)
{
	struct request *request = &command->request;
	char qemu[PATH_MAX];
	int ret;

	request->command = "vm";
	request->arguments = argv;
	command->vm.arch = arch_host();
	if (!command->vm.arch)
		return error_set(
			error, -ENOSYS,
			"gupcheck vm does not know this machine's architecture");
	if (request->common.resume)
		ret = resume(command, argc - optind, error);
	else
		ret = request_plan(request, argv + optind, argc - optind,
				   error);
	if (!command->vm.memory_mib)
		command->vm.memory_mib = MEMORY_DEFAULT_MIB;
	if (!ret)
		ret = common_rules_load(&request->common, &command->rules,
					error);
	if (!ret)
		ret = qemu_find(command->vm.arch, qemu, sizeof(qemu), error);
	if (!ret)
		ret = targets_open(command->targets, command->count,
				   command->vm.arch, request->before, error);
	if (!ret && !request->before)
		ret = request_create(request, request_record(command), error);
	return ret;
}

static void show_progress(void *arg, size_t done, size_t total, const char *id,
			  enum verdict verdict)
{
	struct vm_command *command = arg;

	progress_show(&command->progress, command->before + done,
		      command->count * total, id, verdict);
}

/*
 * Every kernel gets its turn; returns how many could not be run, -EINTR, or the
 * error of a journal that cannot be written.
 */
static int run_kernels(struct vm_command *command)
{
	struct request *request = &command->request;
	int failed = 0;

	for (size_t i = 0; i < command->count; i++) {
		struct target *target = &command->targets[i];
		struct error error = {""};
		int ret = 0;

		command->vm.kernel = &target->kernel;
		command->vm.name = target->name[0] ? target->name : NULL;
		if (!target_complete(target, request->before))
			ret = vm_run(&command->vm, &request->plan,
				     request->journal, &command->rules, &error);
		command->before += request->plan.count;
		if (journal_failed(request->journal))
			return journal_failed(request->journal);
		if (ret == -EINTR)
			return ret;
		if (ret < 0) {
			progress_clear(&command->progress);
			common_fail(&error, EXIT_UNEXPECTED);
			failed++;
		}
	}
	return failed;
}

static int run(struct vm_command *command)
{
	struct request *request = &command->request;
	int failed, code;

	command->vm.output = request->dir;
	command->vm.keep = request->common.keep;
	command->vm.time_limit = request->common.time_limit;
	command->vm.progress = show_progress;
	command->vm.progress_arg = command;
	progress_init(&command->progress);
	interrupt_watch();
	failed = run_kernels(command);
	progress_clear(&command->progress);
	request->journal = journal_close(request->journal);
	if (failed < 0 && failed != -EINTR)
		return common_journal_fail("vm", request->dir, failed);
	if ((size_t)failed == command->count)
		return common_nothing_ran(&request->common);
	code = common_report(&request->common, request->dir);
	if (interrupted())
		return 128 + interrupted();
	if (!failed || code != EXIT_AS_EXPECTED)
		return code;
	return request->common.bisect ? EXIT_NOTHING_RAN : EXIT_UNEXPECTED;
}

/* For a bisection a build whose parts do not fit is one that cannot be tested
 */
static int failure(const struct vm_command *command, int error)
{
	return error == -ENOEXEC && command->request.common.bisect
		       ? EXIT_NOTHING_RAN
		       : EXIT_BAD_USAGE;
}

int cmd_vm(int argc, char **argv)
{
	struct vm_command command = {0};
	struct error error = {""};
	int ret = parse(&command, argc, argv, &error);

	if (ret > 0) {
		fputs(help, stdout);
		return EXIT_AS_EXPECTED;
	}
	if (!ret)
		ret = prepare(&command, argc, argv, &error);
	if (ret < 0)
		ret = common_fail(&error, failure(&command, ret));
	else
		ret = run(&command);
	for (size_t i = 0; i < command.count; i++)
		kernel_close(&command.targets[i].kernel);
	ret = common_exit(&command.request.common, argc, argv, ret);
	rule_set_done(&command.rules);
	request_done(&command.request);
	return ret;
}
