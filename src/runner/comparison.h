/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_COMPARISON_H
#define RUNNER_COMPARISON_H

/*
 * Comparison: the cells of stored runs side by side, one kernel of each side.
 * Borrows all from the runs, which have to outlive it.
 */

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"
#include "judge/change-runs.h"
#include "runner/places.h"
#include "runner/record.h"

/** struct run_repeat - a further run of the kernel of a side */
struct run_repeat {
	const struct run *run;
	const struct run_kernel *kernel;
};

/**
 * struct run_side - one kernel, of one run or more
 * @name: as the user gave it
 * @run, @kernel: the first run
 * @repeats: the others, @repeat_count of them
 */
struct run_side {
	const char *name;
	const struct run *run;
	const struct run_kernel *kernel;
	const struct run_repeat *repeats;
	size_t repeat_count;
};

/** run_side_count() - how many runs */
static inline size_t run_side_count(const struct run_side *side)
{
	return 1 + side->repeat_count;
}

/** run_side_at() - one of them, from 0 */
static inline struct run_repeat run_side_at(const struct run_side *side,
					    size_t index)
{
	return index ? side->repeats[index - 1]
		     : (struct run_repeat){side->run, side->kernel};
}

/**
 * struct pair - one cell
 * @old, @new: NULL where that side does not have it; of several runs the one
 *	that shows @change
 * @was, @is: how many runs show it, see struct change_of_runs; 0 of 0 where
 *	only one side has the cell
 * @known: @change is CHANGE_WORSE, and an expectation rule lists the new answer
 * @why: what makes it so, or NULL
 */
struct pair {
	const struct record *old;
	const struct record *new;
	enum change change;
	bool known;
	const char *why;
	struct run_count was;
	struct run_count is;
};

/**
 * struct comparison - all of it
 * @pairs: in the order of the new run; then what only the old one has
 * @counts: pairs by change
 * @known: how many pairs are @known
 * @places: where functions of the new kernel are in its source, or NULL; set by
 *	who has them, see runner/decode.h
 * @not_decoded: why they are not known though somebody asked, or NULL
 * @answered: cells that both sides answered, in any run
 */
struct comparison {
	struct run_side old;
	struct run_side new;
	struct pair *pairs;
	size_t count;
	size_t counts[CHANGE_COUNT];
	size_t known;
	size_t answered;
	const struct places *places;
	const char *not_decoded;
};

/**
 * run_pick_kernel() - the kernel that is meant by @prefix
 * @prefix: of its release, or all of it; NULL: there is only one. A number is
 *	never cut: `6.1` is not `6.12`
 * @name: of the run, for the message
 *
 * Return: 0, or -EINVAL with a line of @error when there is none or several.
 */
int run_pick_kernel(const struct run *run, const char *prefix, const char *name,
		    const struct run_kernel **ret, struct error *error);

/**
 * comparison_make() - put two sides together
 * Return: 0 or -ENOMEM; @ret is to be given to comparison_done() either way.
 */
int comparison_make(const struct run_side *old, const struct run_side *new,
		    struct comparison *ret);

/** comparison_done() - free what comparison_make() allocated */
void comparison_done(struct comparison *comparison);

/** comparison_repeated() - whether a side has several runs */
bool comparison_repeated(const struct comparison *comparison);

/** comparison_side_trusted() - whether no run of it had a broken canary */
bool comparison_side_trusted(const struct run_side *side);

/** comparison_trusted() - whether no run had a broken canary */
bool comparison_trusted(const struct comparison *comparison);

/** comparison_worse() - how many cells got worse; @strict: known issues too */
size_t comparison_worse(const struct comparison *comparison, bool strict);

/**
 * comparison_exit_code() - the exit code of `compare`
 * @strict: known issues count as worse
 *
 * The first that holds of: 99 the canary of a side was broken; 1 something got
 * worse; 77 no cell was answered by both; 0.
 */
int comparison_exit_code(const struct comparison *comparison, bool strict);

#endif
