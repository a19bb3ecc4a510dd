/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "programs/commands.h"
#include "programs/options.h"
#include "report/export.h"

static const char export_help[] =
	"Usage: gupcheck export CELL\n"
	"Write the cell as one C file to standard output, for a report to those who\n"
	"maintain the filesystem. It needs libc and the headers of the kernel, begins\n"
	"with the recipe, and shows the same as the cell. Compile it with cc -O2 -Wall\n"
	"and run it as root on a machine that may crash; it cleans up after itself.\n"
	"\n"
	"Exit codes of what is written: 0 SAFE, 1 CORRUPT, EXPOSED or OOPS, 2 REFUSED,\n"
	"125 NO ANSWER (which git bisect run skips).\n"
	"\n"
	"  -h, --help            this text\n"
	"\n"
	"Example:\n"
	"  gupcheck export process_vm/xfs/reflink_while_pinned >reproducer.c\n";

static int export_words(char **words, struct error *error)
{
	struct cell_id id;
	int ret;

	if (!words[0] || words[1])
		return error_set(
			error, -EINVAL,
			"export takes one cell id: see gupcheck list cells, gupcheck export --help");
	if (words[0][0] == '-')
		return error_set(
			error, -EINVAL,
			"option %s is unknown: see gupcheck export --help",
			words[0]);
	ret = common_cell_parse(words[0], &id, error);
	if (!ret)
		ret = export_obstacle(&id, error);
	if (ret < 0)
		return -EINVAL;
	ret = export_cell(stdout, &id);
	return ret ? error_set(error, -EIO, "%s: not written:", words[0]) : 0;
}

int cmd_export(int argc, char **argv)
{
	struct error error = {0};
	int ret;

	if (argc > 1 &&
	    (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))) {
		fputs(export_help, stdout);
		return EXIT_AS_EXPECTED;
	}
	ret = export_words(argv + 1, &error);
	if (ret == 0 && fflush(stdout) == EOF)
		ret = error_set(&error, -errno, "standard output:");
	if (ret)
		return common_fail(&error, ret == -EINVAL
						   ? EXIT_BAD_USAGE
						   : EXIT_HARNESS_BROKEN);
	return EXIT_AS_EXPECTED;
}
