/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include "programs/commands.h"
#include "runner/supervise.h"

static const char help[] =
	"Usage: gupcheck COMMAND [ARGUMENT]...\n"
	"Find out whether a Linux kernel lets pinned memory write to a file behind\n"
	"the filesystem's back, and what that breaks.\n"
	"\n"
	"  list      what there is: mechanisms, filesystems, scenarios, cells\n"
	"  explain   the recipe of a cell, or what an errno means\n"
	"  export    a cell as a C file that needs nothing else\n"
	"  run       run cells on the running kernel\n"
	"  cell      run one cell in the foreground\n"
	"  vm        run cells on kernels booted in QEMU\n"
	"  doctor    what will run on a kernel, and what mends the rest\n"
	"  report    render a stored run in another format\n"
	"  merge     join stored runs: of the shards of a run, or of kernels\n"
	"  bundle    what there is of each cell of a stored run that failed\n"
	"  compare   what got worse, and what got better, between two stored runs\n"
	"  bisect    what a step of a bisection is, for git bisect\n"
	"  clean     put right what runs that were killed have left behind\n"
	"  selftest  test gupcheck itself on its fakes\n"
	"\n"
	"gupcheck COMMAND --help tells more. A cell is\n"
	"mechanism/filesystem/scenario[@variant].\n"
	"\n"
	"Exit codes: 0 as expected, 1 unexpected, 2 bad usage, 77 nothing could run,\n"
	"99 the harness is broken.\n";

/* clang-format off */
const struct command commands[] = {
	{"bisect", cmd_bisect},
	{"bundle", cmd_bundle},
	{"list", cmd_list},
	{"explain", cmd_explain},
	{"export", cmd_export},
	{"run", cmd_run},
	{"cell", cmd_cell},
	{"vm", cmd_vm},
	{"doctor", cmd_doctor},
	{"report", cmd_report},
	{"merge", cmd_merge},
	{"compare", cmd_compare},
	{"clean", cmd_clean},
	{"selftest", cmd_selftest},
	{NULL, NULL},
};
/* clang-format on */

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "--help";

	if (!strcmp(name, CELL_COMMAND))
		return cell_main(argc, argv);
	if (!strcmp(name, "--help") || !strcmp(name, "-h") ||
	    !strcmp(name, "help")) {
		fputs(help, argc > 1 ? stdout : stderr);
		return argc > 1 ? EXIT_AS_EXPECTED : EXIT_BAD_USAGE;
	}
	if (!strcmp(name, "--version")) {
		printf("gupcheck %s%s\n", GUPCHECK_VERSION, GUPCHECK_FEATURES);
		return EXIT_AS_EXPECTED;
	}
	for (const struct command *at = commands; at->name; at++)
		if (!strcmp(name, at->name))
			return at->run(argc - 1, argv + 1);
	fprintf(stderr,
		"gupcheck: %s is no command: see gupcheck --help for those there are\n",
		name);
	return EXIT_BAD_USAGE;
}
