/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRAMS_BISECT_H
#define PROGRAMS_BISECT_H

/* What `bisect` and the --bisect of `run` and `vm` have in common. */

#include <getopt.h>
#include <stdio.h>
#include "programs/commands.h"
#include "runner/bisection.h"

/**
 * struct bisect_looking - what the command line says of what is looked for
 * @good_given, @bad_given: whether the conditions were given
 */
struct bisect_looking {
	struct conditions good_when;
	struct conditions bad_when;
	bool good_given;
	bool bad_given;
	bool either_way;
	enum lost lost;
};

/** BISECT_LONG_OPTIONS - for getopt_long() */
#define BISECT_LONG_OPTIONS                                 \
	{"good-when", required_argument, NULL, 'G'},        \
		{"bad-when", required_argument, NULL, 'B'}, \
		{"either-way", no_argument, NULL, 'W'},     \
	{                                                   \
		"lost", required_argument, NULL, 'L'        \
	}

/** bisect_option() - 1 when it was one of ours, 0 when not, -errno with @error
 */
int bisect_option(struct bisect_looking *looking, int option,
		  const char *argument, struct error *error);

/** bisect_looking_done() - free what bisect_option() allocated */
void bisect_looking_done(struct bisect_looking *looking);

/** bisect_rule_make() - borrows from @looking */
void bisect_rule_make(const struct bisect_looking *looking,
		      struct bisect_rule *ret);

/** bisect_tell_cell() - a cell that is looked for, with both answers */
void bisect_tell_cell(FILE *out, const struct looked_for *cell);

/** bisect_tell() - judge one run, print a line, return the exit code */
enum bisect_exit bisect_tell(FILE *out, const struct bisection *bisection,
			     const struct run_side *step);

/**
 * bisect_code() - the code of one run alone, without ends
 *
 * Bad is what is unexpected, good what is expected or known; anything else
 * cannot be told.
 */
enum bisect_exit bisect_code(FILE *out, const struct run *run);

/** bisect_wanted() - whether an argument asks for --bisect */
bool bisect_wanted(int argc, char **argv);

/** bisect_map() - an exit code of `run` or `vm`, or of bisect_code() */
enum bisect_exit bisect_map(int code);

#endif
