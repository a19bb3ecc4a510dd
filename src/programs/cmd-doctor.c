/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "base/cleanup.h"
#include "plan/near.h"
#include "plan/plan.h"
#include "programs/commands.h"
#include "programs/doctor.h"
#include "programs/options.h"
#include "report/doctor.h"
#include "runner/workspace.h"

static const char help[] =
	"Usage: gupcheck doctor [OPTION]... [NAME]...\n"
	"Tell what will run, why the rest will not, and what mends it. Loads no module,\n"
	"changes nothing, needs no root. NAME: these mechanisms and filesystems only.\n"
	"\n"
	"  -k, --kernel KERNEL   a kernel as gupcheck vm takes it, instead of this\n"
	"                        machine with its running kernel\n"
	"      --modules DIR     its modules: the folder that holds lib/modules\n"
	"      --config FILE     a .config alone\n"
	"      --fragment        print what the kernel configuration lacks, for\n"
	"                        scripts/kconfig/merge_config.sh, and nothing else\n"
	"      --format FORMAT   text (default) or json\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit codes: 0 all will run, 1 something will not, 2 bad usage, 77 nothing would.\n"
	"\n"
	"Examples:\n"
	"  gupcheck doctor\n"
	"  gupcheck doctor --kernel 6.12\n"
	"  gupcheck doctor --config .config --fragment >gupcheck.config\n"
	"  scripts/kconfig/merge_config.sh .config gupcheck.config\n";

struct doctor_command {
	const char *kernel;
	const char *modules;
	const char *config;
	bool fragment;
	bool json;
	char **names;
	size_t name_count;
	struct checkup checkup;
};

static int parse_format(struct doctor_command *command, const char *name,
			struct error *error)
{
	command->json = !strcmp(name, "json");
	if (command->json || !strcmp(name, "text"))
		return 0;
	return error_set(error, -EINVAL,
			 "--format %s: no such format; there is text, json",
			 name);
}

static int check_options(const struct doctor_command *command,
			 struct error *error)
{
	if (command->kernel && command->config)
		return error_set(
			error, -EINVAL,
			"--config %s: a --kernel brings its own: give one of the two",
			command->config);
	if (command->modules && !command->kernel)
		return error_set(
			error, -EINVAL,
			"--modules %s: give the --kernel that they are for",
			command->modules);
	if (command->fragment && command->json)
		return error_set(
			error, -EINVAL,
			"--fragment is a format of its own: leave out --format");
	return 0;
}

static int parse(struct doctor_command *command, int argc, char **argv,
		 struct error *error)
{
	static const struct option long_options[] = {
		{"kernel", required_argument, NULL, 'k'},
		{"modules", required_argument, NULL, 'm'},
		{"config", required_argument, NULL, 'c'},
		{"fragment", no_argument, NULL, 'g'},
		{"format", required_argument, NULL, 'F'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option, ret = 0;

	opterr = 0;
	while (!ret && (option = getopt_long(argc, argv, "k:h", long_options,
					     NULL)) != -1) {
		if (option == 'k')
			command->kernel = optarg;
		else if (option == 'm')
			command->modules = optarg;
		else if (option == 'c')
			command->config = optarg;
		else if (option == 'g')
			command->fragment = true;
		else if (option == 'F')
			ret = parse_format(command, optarg, error);
		else if (option == 'h')
			return 1;
		else
			ret = common_unknown_option("doctor", argv, error);
	}
	command->names = argv + optind;
	command->name_count = (size_t)(argc - optind);
	return ret < 0 ? ret : check_options(command, error);
}

static int check_name(const char *name, struct error *error)
{
	char near[256];
	size_t len = strlen(name);

	if (axis_has(AXIS_MECHANISM, name, len) ||
	    axis_has(AXIS_FILESYSTEM, name, len))
		return 0;
	/* without a near mechanism there may be a near filesystem */
	near_text(AXIS_MECHANISM, name, len, near, sizeof(near));
	if (!strncmp(near, "mechanisms ", strlen("mechanisms ")))
		near_text(AXIS_FILESYSTEM, name, len, near, sizeof(near));
	return error_set(
		error, -EINVAL,
		"%s: no mechanism and no filesystem: %s; see gupcheck list",
		name, near);
}

/* Some are there for who spells their name only */
static bool wanted(const struct doctor_command *command, const char *name,
		   bool by_name_only)
{
	if (!command->name_count)
		return !by_name_only;
	for (size_t i = 0; i < command->name_count; i++)
		if (!strcmp(command->names[i], name))
			return true;
	return false;
}

static int add_drivers(struct doctor_command *command)
{
	struct checkup *checkup = &command->checkup;
	struct checkup_item *item;

	for (size_t i = 0; mechanisms[i]; i++) {
		if (!wanted(command, mechanisms[i]->name,
			    mechanisms[i]->traits & (MECH_FAKE | MECH_LAB)))
			continue;
		item = checkup_add(checkup, CHECKUP_MECHANISM,
				   mechanisms[i]->name, mechanisms[i]->require,
				   NULL);
		if (!item)
			return -ENOMEM;
	}
	for (size_t i = 0; filesystems[i]; i++) {
		if (!wanted(command, filesystems[i]->name,
			    filesystems[i]->traits & FS_FAKE))
			continue;
		item = checkup_add(checkup, CHECKUP_FILESYSTEM,
				   filesystems[i]->name,
				   filesystems[i]->require, NULL);
		if (!item)
			return -ENOMEM;
	}
	return 0;
}

static int add_memory(struct checkup *checkup)
{
	struct error error = {""};
	int ret = workspace_check_room(&error);

	return checkup_add_fact(checkup, "memory", ret < 0 ? error.text : NULL,
				NULL)
		       ? 0
		       : -ENOMEM;
}

static int open_checkup(struct doctor_command *command, struct error *error)
{
	struct offline offline = OFFLINE_NONE;
	int ret;

	if (command->kernel)
		return doctor_open_kernel(command->kernel, command->modules,
					  &command->checkup, error);
	if (!command->config) {
		checkup_machine(&command->checkup);
		return 0;
	}
	ret = offline_read_config(&offline, command->config, error);
	if (ret < 0)
		return ret;
	offline.config_only = true;
	checkup_kernel(&command->checkup, &offline);
	snprintf(command->checkup.title, sizeof(command->checkup.title),
		 "configuration %.400s", command->config);
	return 0;
}

static int examine(struct doctor_command *command, struct error *error)
{
	struct checkup *checkup = &command->checkup;
	int ret = 0;

	for (size_t i = 0; i < command->name_count && !ret; i++)
		ret = check_name(command->names[i], error);
	if (!ret)
		ret = open_checkup(command, error);
	if (!ret)
		ret = add_drivers(command);
	if (!ret)
		ret = checkup_add_harness(checkup, !checkup->here);
	if (!ret && checkup->here)
		ret = add_memory(checkup);
	if (!ret && !checkup->here)
		ret = doctor_add_guest(checkup);
	if (!ret && !command->config)
		ret = doctor_add_emulator(checkup, checkup->here);
	return ret < 0 ? error_set(error, ret, "doctor:") : 0;
}

static int render(const struct doctor_command *command)
{
	struct report_options how;

	if (command->fragment)
		return doctor_fragment(stdout, &command->checkup);
	if (command->json)
		return doctor_json(stdout, &command->checkup);
	report_options_for(stdout, &how);
	return doctor_text(stdout, &command->checkup, &how);
}

static int result_code(const struct checkup *checkup)
{
	switch (checkup_result(checkup)) {
	case CHECKUP_ALL:
		return EXIT_AS_EXPECTED;
	case CHECKUP_SOME:
		return EXIT_UNEXPECTED;
	case CHECKUP_NONE:
		break;
	}
	return EXIT_NOTHING_RAN;
}

int cmd_doctor(int argc, char **argv)
{
	struct doctor_command command = {
		.checkup.offline.folder = -1,
	};
	struct error error = {""};
	int ret = parse(&command, argc, argv, &error);

	if (ret > 0) {
		fputs(help, stdout);
		return EXIT_AS_EXPECTED;
	}
	if (!ret)
		ret = examine(&command, &error);
	if (ret < 0) {
		ret = common_fail(&error, EXIT_BAD_USAGE);
	} else if (render(&command) < 0 || fflush(stdout)) {
		error_set(&error, -EIO, "the report cannot be written:");
		ret = common_fail(&error, EXIT_HARNESS_BROKEN);
	} else {
		ret = result_code(&command.checkup);
	}
	checkup_done(&command.checkup);
	return ret;
}
