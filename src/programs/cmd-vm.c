/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "base/cleanup.h"
#include "programs/commands.h"
#include "programs/options.h"
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
	"  -k, --kernel KERNEL   a series of stock Debian kernels (6.1) or a package\n"
	"                        (linux-image-6.1.0-50-amd64), fetched when it is not\n"
	"                        in the cache; .deb files joined by commas; a folder:\n"
	"                        an unpacked package or a built kernel tree; a file: a\n"
	"                        boot image or an ELF vmlinux\n"
	"      --modules DIR     modules of the --kernel before it: the folder that\n"
	"                        holds lib/modules; without it a kernel file has\n"
	"                        everything built in\n"
	"      --append ARGS     further kernel arguments\n"
	"      --accel HOW       auto (default): KVM where this kernel is seen to boot\n"
	"                        under it, else TCG; kvm; tcg\n"
	"      --memory MIB      memory of the guest, default 1024\n" COMMON_OPTIONS_HELP
	"\n"
	"Examples:\n"
	"  gupcheck vm --kernel 6.1 --kernel 6.12 rdma_mr\n"
	"  gupcheck vm --kernel ~/linux --modules ~/linux/out admission\n";

/** struct target - one --kernel with its --modules */
struct target {
	const char *input;
	const char *modules;
	struct kernel kernel;
};

/**
 * struct vm_command
 * @before: cells of the kernels that are through
 */
struct vm_command {
	struct common_options common;
	struct vm_options vm;
	struct target targets[KERNELS_MAX];
	size_t count;
	struct plan plan;
	struct rule_set rules;
	struct journal *journal;
	struct progress progress;
	size_t before;
	char dir[PATH_MAX];
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
		COMMON_LONG_OPTIONS,
		{0},
	};
	int option, ret;

	opterr = 0;
	common_options_init(&command->common);
	command->vm.memory_mib = MEMORY_DEFAULT_MIB;
	while ((option = getopt_long(argc, argv, "k:o:h", long_options,
				     NULL)) != -1) {
		if (option == 'h')
			return 1;
		ret = common_options_parse(&command->common, option, optarg,
					   error);
		if (!ret)
			ret = parse_option(command, option, error);
		if (ret == -ENOENT)
			ret = common_unknown_option("vm", argv, error);
		if (ret < 0)
			return ret;
	}
	if (!command->count)
		return error_set(error, -EINVAL,
				 "no kernel: give --kernel, e.g. --kernel 6.1");
	return 0;
}

/* A journal tells kernels apart by their release. */
static int check_release(const struct vm_command *command, size_t index,
			 struct error *error)
{
	const struct kernel *kernel = &command->targets[index].kernel;

	for (size_t i = 0; i < index; i++) {
		const struct kernel *other = &command->targets[i].kernel;

		if (kernel->release[0] &&
		    !strcmp(kernel->release, other->release))
			return error_set(
				error, -EEXIST,
				"%s: is the same release as %s, %s: run them one by one",
				kernel->input, other->input, kernel->release);
	}
	return 0;
}

/* All that can be found wrong before the first guest is started. */
static int prepare(struct vm_command *command, int argc, char **argv,
		   struct error *error)
{
	char qemu[PATH_MAX];
	int ret;

	command->vm.arch = arch_host();
	if (!command->vm.arch)
		return error_set(
			error, -ENOSYS,
			"gupcheck vm does not know this machine's architecture");
	ret = plan_build((const char *const *)argv + optind,
			 (size_t)(argc - optind), &command->plan, error);
	if (!ret)
		ret = common_rules_load(&command->common, &command->rules,
					error);
	if (!ret)
		ret = qemu_find(command->vm.arch, qemu, sizeof(qemu), error);
	for (size_t i = 0; i < command->count && !ret; i++) {
		struct target *target = &command->targets[i];

		ret = kernel_open(command->vm.arch, target->input,
				  target->modules, &target->kernel, error);
		if (!ret)
			ret = check_release(command, i, error);
	}
	return ret;
}

static void show_progress(void *arg, size_t done, size_t total, const char *id,
			  enum verdict verdict)
{
	struct vm_command *command = arg;

	progress_show(&command->progress, command->before + done,
		      command->count * total, id, verdict);
}

/* Every kernel gets its turn; returns how many could not be run, or -EINTR. */
static int run_kernels(struct vm_command *command)
{
	int failed = 0;

	for (size_t i = 0; i < command->count; i++) {
		struct error error = {""};
		int ret;

		command->vm.kernel = &command->targets[i].kernel;
		ret = vm_run(&command->vm, &command->plan, command->journal,
			     &command->rules, &error);
		command->before += command->plan.count;
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

static int run(struct vm_command *command, struct error *error)
{
	int failed, code;
	int ret = common_journal_create(&command->common, &command->journal,
					command->dir, sizeof(command->dir),
					error);

	if (ret < 0)
		return common_fail(error, EXIT_BAD_USAGE);
	command->vm.output = command->dir;
	command->vm.progress = show_progress;
	command->vm.progress_arg = command;
	progress_init(&command->progress);
	interrupt_watch();
	failed = run_kernels(command);
	progress_clear(&command->progress);
	command->journal = journal_close(command->journal);
	if ((size_t)failed == command->count)
		return EXIT_NOTHING_RAN;
	code = common_report(&command->common, command->dir);
	if (interrupted())
		return 128 + interrupted();
	return failed && code == EXIT_AS_EXPECTED ? EXIT_UNEXPECTED : code;
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
	ret = ret < 0 ? common_fail(&error, EXIT_BAD_USAGE)
		      : run(&command, &error);
	for (size_t i = 0; i < command.count; i++)
		kernel_close(&command.targets[i].kernel);
	rule_set_done(&command.rules);
	plan_done(&command.plan);
	return ret;
}
