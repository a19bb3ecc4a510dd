/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRAMS_COMMANDS_H
#define PROGRAMS_COMMANDS_H

/*
 * The commands of the program. Each gets its own name as argv[0] and returns
 * the exit code.
 */

/** enum exit_code - see "Exit codes" in gupcheck(1) */
enum exit_code {
	EXIT_AS_EXPECTED = 0,
	EXIT_UNEXPECTED = 1,
	EXIT_BAD_USAGE = 2,
	EXIT_NOTHING_RAN = 77,
	EXIT_HARNESS_BROKEN = 99,
};

/** enum bisect_exit - what `git bisect run` makes of an exit code */
enum bisect_exit {
	EXIT_BISECT_GOOD = 0,
	EXIT_BISECT_BAD = 1,
	EXIT_BISECT_SKIP = 125,
	EXIT_BISECT_ABORT = 128, /* and anything above */
	EXIT_BISECT_USAGE = 129,
};

/** struct command - one of the program */
struct command {
	const char *name;
	int (*run)(int argc, char **argv);
};

/** commands - every command, ended by an entry without name */
extern const struct command commands[];

int cmd_bisect(int argc, char **argv);
int cmd_bundle(int argc, char **argv);
int cmd_cell(int argc, char **argv);
int cmd_clean(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_selftest(int argc, char **argv);
int cmd_vm(int argc, char **argv);

#endif
