/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_BISECTION_H
#define RUNNER_BISECTION_H

/*
 * Bisection: the stored runs of the two ends, what tells them apart, and what
 * the run of a step says about that. Borrows all from the runs.
 */

#include "judge/bisect.h"
#include "runner/comparison.h"

/**
 * struct looked_for - a cell that tells the ends apart
 * @good, @bad: its answers there
 * @shown: the record of the bad end
 * @seen: runs of the bad end that answer so
 */
struct looked_for {
	const char *id;
	enum duty duty;
	struct bisect_answer good;
	struct bisect_answer bad;
	const struct record *shown;
	size_t seen;
};

/**
 * struct bisection - what is looked for
 * @cells: NULL when the ends are not known: every cell counts
 * @bad_runs: how many runs of the bad end there are
 * @seen: in how many of them any cell is bad
 */
struct bisection {
	const struct bisect_rule *rule;
	struct looked_for *cells;
	size_t count;
	size_t bad_runs;
	size_t seen;
};

/** struct bisection_end - several runs of one kernel; 1 or more */
struct bisection_end {
	const struct run_side *runs;
	size_t count;
};

/**
 * bisection_begin() - check the ends, and find what tells them apart
 *
 * Return: 0; -EINVAL with a line of @error when they are not fit to be bisected
 * between: alike, swapped, not to be trusted, or the good one is bad as well at
 * times; -ENOMEM. @ret is to be given to bisection_done() either way.
 */
int bisection_begin(const struct bisect_rule *rule,
		    const struct bisection_end *good,
		    const struct bisection_end *bad, struct bisection *ret,
		    struct error *error);

/**
 * bisection_leads() - whether @cell is the one of its kind that a step needs
 *
 * Of one kind are cells of one mechanism with the same answers at the ends. The
 * quickest stands for them.
 */
bool bisection_leads(const struct bisection *bisection,
		     const struct looked_for *cell);

/** bisection_done() - free what bisection_begin() allocated */
void bisection_done(struct bisection *bisection);

/**
 * struct step_answer - what one run says about its kernel
 * @record: of the cell that decided, or NULL
 * @why: why nothing can be told (static), or NULL
 * @counts: cells by enum bisect_step
 */
struct step_answer {
	enum bisect_step step;
	const struct record *record;
	const char *why;
	size_t counts[BISECT_ABORT + 1];
};

/**
 * bisection_judge() - any bad cell makes it bad; else any of which nothing is
 * known makes that unknown; only good cells make it good
 *
 * Cells that were not planned do not count; there has to be one that was.
 */
void bisection_judge(const struct bisection *bisection,
		     const struct run_side *step, struct step_answer *ret);

#endif
