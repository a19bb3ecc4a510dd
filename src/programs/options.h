/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRAMS_OPTIONS_H
#define PROGRAMS_OPTIONS_H

/* What `run` and `vm` have in common: options, journal folder, report. */

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <gupcheck/verdict.h>
#include "base/error.h"
#include "judge/expect.h"
#include "plan/shard.h"
#include "report/exit-style.h"
#include "report/report.h"
#include "runner/demands.h"
#include "runner/journal.h"
#include "runner/keep.h"

/**
 * struct common_options
 * @output: folder of the journal; NULL: a fresh one below gupcheck-results/
 * @resume: folder of the run to go on with, or NULL
 * @expected: file or folder of expectation rules; NULL: the ones that come
 *	with the program
 * @format: of the report
 * @exit_style: what the exit codes are; never NULL
 * @strict: known issues count as unexpected
 * @time_limit: of the run on one kernel, seconds; 0: a generous one
 * @demands: how many cells have to give an answer
 * @bisect: exit as `git bisect run` wants it
 * @keep: which images are kept
 * @shard: the part of the plan to be run
 */
struct common_options {
	const char *output;
	const char *resume;
	const char *expected;
	const struct reporter *format;
	const struct exit_style *exit_style;
	bool strict;
	double time_limit;
	struct demands demands;
	bool bisect;
	enum keep keep;
	struct shard shard;
};

/** COMMON_LONG_OPTIONS - for getopt_long(); short option string: "o:h" */
#define COMMON_LONG_OPTIONS                                   \
	{"output", required_argument, NULL, 'o'},             \
		{"expected", required_argument, NULL, 'E'},   \
		{"format", required_argument, NULL, 'F'},     \
		{"exit-style", required_argument, NULL, 'X'}, \
		{"strict", no_argument, NULL, 'S'},           \
		{"require", required_argument, NULL, 'Q'},    \
		{"min-run", required_argument, NULL, 'N'},    \
		{"bisect", no_argument, NULL, 'B'},           \
	{                                                     \
		"help", no_argument, NULL, 'h'                \
	}

/** RESUME_LONG_OPTION - for the commands that make runs */
#define RESUME_LONG_OPTION                                     \
	{"time-limit", required_argument, NULL, 'T'},          \
		{"shard", required_argument, NULL, 'H'},       \
		{"keep-images", optional_argument, NULL, 'K'}, \
	{                                                      \
		"resume", required_argument, NULL, 'R'         \
	}

/** FORMAT_OPTIONS_HELP - what a report looks like, and what it exits with */
#define FORMAT_OPTIONS_HELP                                                           \
	"      --format FORMAT   text (default), kernels, kernels-markdown, html,\n"  \
	"                        markdown, mail, ktap, tap, junit, json, kcidb,\n"    \
	"                        lava or lava-kmsg\n"                                 \
	"      --exit-style S    exit codes for automake (default), kselftest, tap\n" \
	"                        or bisect\n"

/** COMMON_OPTIONS_HELP - their lines in --help */
#define COMMON_OPTIONS_HELP                                                                       \
	"  -o, --output DIR      keep the journal in DIR (must not hold one yet);\n"              \
	"                        default: a fresh folder in gupcheck-results/\n"                  \
	"      --resume DIR      go on with the run in DIR, which was interrupted,\n"             \
	"                        killed, or lost to a crash; takes no GLOB\n" FORMAT_OPTIONS_HELP \
	"      --expected PATH   expectation rules: a file, or a folder of *.rules\n"             \
	"      --strict          known issues count as unexpected\n"                              \
	"      --time-limit S    end the run on a kernel after S seconds; default:\n"             \
	"                        generous, by the number of cells and the speed\n"                \
	"      --shard I/N       only part I of N of the cells, told by their names; the\n"       \
	"                        parts are joined by gupcheck merge\n"                            \
	"      --keep-images[=WHICH]  keep the filesystem images of cells: unexpected\n"          \
	"                        (default): of those that failed; all: of all that ran\n"         \
	"      --require GLOB    every cell that matches has to give an answer\n"                 \
	"      --min-run N       so many cells have to, on each kernel\n"                         \
	"      --bisect          the exit style for git bisect run: 0 good, 1 bad, 125\n"         \
	"                        cannot tell, 128 and above to stop\n"                            \
	"  -h, --help            this text\n"

/** common_options_init() - the defaults */
void common_options_init(struct common_options *options);

/**
 * common_options_parse() - take one option of getopt_long()
 * Return: 1 when it was one of ours, 0 when not, -EINVAL with @error.
 */
int common_options_parse(struct common_options *options, int option,
			 const char *argument, struct error *error);

/** common_rules_load() - read the expectation rules; 0 or -errno */
int common_rules_load(const struct common_options *options,
		      struct rule_set *ret, struct error *error);

/**
 * common_journal_create() - the folder and its journal
 * @ret_dir: where it is; @size bytes
 */
int common_journal_create(const struct common_options *options,
			  struct journal **ret, char *ret_dir, size_t size,
			  struct error *error);

/**
 * common_report() - render the journal in @dir to standard output
 *
 * What the run owes to the demands is told on standard error.
 * Return: the exit code.
 */
int common_report(const struct common_options *options, const char *dir);

/**
 * common_exit() - the exit code of the program
 * @code: enum exit_code, or 128 and a signal
 *
 * With --bisect, on a command line that could not be parsed too, what it is to
 * git: one that means bad usage would be a bad commit.
 */
int common_exit(const struct common_options *options, int argc, char **argv,
		int code);

/** common_nothing_ran() - the exit code of a run that made no journal entry */
int common_nothing_ran(const struct common_options *options);

/** common_journal_fail() - say that the journal of @dir cannot be written */
int common_journal_fail(const char *command, const char *dir, int ret);

/**
 * common_cell_parse() - the id of a cell that there is
 * Return: 0, or -EINVAL, also where its parts make no cell together.
 */
int common_cell_parse(const char *text, struct cell_id *ret,
		      struct error *error);

/**
 * common_unknown_option() - what getopt_long() did not take
 * @command: for the pointer to its --help
 * Return: -EINVAL.
 */
int common_unknown_option(const char *command, char **argv,
			  struct error *error);

/** common_fail() - print @error, return @code */
int common_fail(const struct error *error, int code);

/** report_options_for() - colours and width as @out is a terminal or not */
void report_options_for(FILE *out, struct report_options *ret);

/**
 * progress_show() - cell, count, time left; for run_options.progress
 * @arg: a struct progress
 *
 * On a terminal only; a pipe stays quiet.
 */
struct progress {
	double begin;
	bool terminal;
};

/** progress_waiting() - for run_options.waiting */
void progress_waiting(void);

void progress_init(struct progress *progress);
void progress_show(void *arg, size_t done, size_t total, const char *id,
		   enum verdict verdict);
void progress_clear(const struct progress *progress);

#endif
