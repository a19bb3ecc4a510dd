/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_CHANGE_RUNS_H
#define JUDGE_CHANGE_RUNS_H

/*
 * Change over runs: whether a cell got worse where each side was run several
 * times. No I/O.
 *
 * Runs that say nothing of the kernel are left out. Where all others of a side
 * say the same, change_judge() decides as it does for two single runs.
 *
 * Else the cell is not deterministic. Each of the four things of judge/change.h
 * is counted: k of n runs broke it. A hang or a death counts among those where
 * the kernel is broken, and says nothing of the other three. Of each:
 *
 *	before	now
 *	0 of n	0 of m		no change
 *	n of n	m of m		no change
 *	0 of n	k of m		worse if it is seen in two runs, or in every
 *				run, or chance explains it in less than 5 % of
 *				all cases (judge/chance.h); else noise
 *	k of n	0 of m		better if it was seen in every run, or chance
 *				explains it in less than 5 %; else noise that
 *				fades
 *	else			noise
 *
 * So worse errs on the side of telling, better on that of silence. The cell is
 * worse if any of the four is; else noise, if any is; else it cannot be told,
 * if a thing is broken on one side that no run of the other tells of; else
 * better, if any is; else noise, if any fades. Where none changed, answers
 * differ in their errno, or their reason: noise, if any answer was given on
 * both sides, else what change_judge() says.
 *
 * Noise is never the end of a regression: what is seen more often is told, with
 * its counts.
 */

#include "judge/chance.h"
#include "judge/change.h"

/**
 * struct change_of_runs - what became of a cell
 * @why: what makes it so (static), or NULL
 * @old_at, @new_at: the run of each side that shows it best
 * @old, @new: how many runs show what @change is about: what got worse, or was
 *	bad before; else the answer of @new_at
 */
struct change_of_runs {
	enum change change;
	const char *why;
	size_t old_at;
	size_t new_at;
	struct run_count old;
	struct run_count new;
};

/**
 * change_judge_runs() - what became of a cell that both sides have
 * @old, @new: its answers, run by run; at least one each
 */
void change_judge_runs(enum duty duty, const struct change_side *old,
		       size_t old_count, const struct change_side *new,
		       size_t new_count, struct change_of_runs *ret);

#endif
