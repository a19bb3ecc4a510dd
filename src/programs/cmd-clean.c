/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What runs that were killed have left behind is put right. */
#include <errno.h>
#include <string.h>
#include "programs/commands.h"
#include "programs/options.h"
#include "runner/ledger-undo.h"
#include "runner/sweep.h"
#include "runner/workspace.h"

static const char help[] =
	"Usage: gupcheck clean [--dry-run]\n"
	"Put right what runs that were killed have left behind: modules that they\n"
	"loaded, settings that they changed, control groups, folders. Every run does\n"
	"so at its beginning. Only what a ledger of gupcheck names is touched, and\n"
	"nothing of a run that is under way.\n"
	"\n"
	"      --dry-run         only tell\n"
	"  -h, --help            this text\n"
	"\n"
	"Example: gupcheck clean --dry-run\n";

static void print_line(void *arg, const char *line)
{
	puts(line);
}

int cmd_clean(int argc, char **argv)
{
	static const struct option long_options[] = {
		{"dry-run", no_argument, NULL, 'n'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct ledger_how how = {.tell = print_line};
	struct error error = {0};
	int option, ret;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) !=
	       -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return EXIT_AS_EXPECTED;
		}
		if (option != 'n') {
			common_unknown_option("clean", argv, &error);
			return common_fail(&error, EXIT_BAD_USAGE);
		}
		how.dry_run = true;
	}
	if (optind != argc) {
		error_set(&error, 0, "clean takes no argument: %s",
			  argv[optind]);
		return common_fail(&error, EXIT_BAD_USAGE);
	}
	ret = sweep(workspace_base(), &how);
	if (ret == -ENOENT || !ret)
		return EXIT_AS_EXPECTED;
	error_set(&error, ret, "%s:", workspace_base());
	return common_fail(&error, EXIT_BAD_USAGE);
}
