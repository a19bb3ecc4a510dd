/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_SIDES_H
#define RUNNER_SIDES_H

/*
 * Sides: loads what OLD and NEW of a comparison mean.
 *
 *	DIR, FILE	a run: its folder, or its journal
 *	DIR		a folder of runs, that is no run itself: all of them
 *	A,B,C		several of these
 *	...:RELEASE	one kernel of a run that has several, see
 *			run_pick_kernel(); of a folder, those that have it
 *
 * A path that is there is meant as it stands, whatever it holds. All runs of a
 * side have to be of one build of one kernel.
 */

#include "base/error.h"
#include "runner/comparison.h"

/** SIDE_RUNS_MAX - runs of a side */
#define SIDE_RUNS_MAX 1000

/**
 * struct stored_side - owns the runs
 * @side: borrows them
 * @paths: of each run, resolved
 */
struct stored_side {
	struct run_side side;
	struct run *runs[SIDE_RUNS_MAX];
	char *paths[SIDE_RUNS_MAX];
	struct run_repeat kernels[SIDE_RUNS_MAX];
	size_t count;
};

/**
 * side_load() - load all runs of a side
 * @name: what the user wrote; borrowed
 * Return: 0, or -errno with a line of @error. @ret is to be given to
 * side_done() either way.
 */
int side_load(const char *name, struct stored_side *ret, struct error *error);

/** side_done() - free the runs */
void side_done(struct stored_side *side);

#endif
