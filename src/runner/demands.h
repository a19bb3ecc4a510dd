/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_DEMANDS_H
#define RUNNER_DEMANDS_H

/*
 * Demands: how much of a plan has to give an answer, so that a run which could
 * do little is not taken for a good one.
 */

#include <stdbool.h>
#include "base/error.h"
#include "plan/plan.h"
#include "runner/record.h"

#define DEMANDS_MAX 64

/**
 * struct demands - of --require and --min-run; all zero: none
 * @globs: every cell that matches one has to give an answer; borrowed
 * @min_run: so many cells have to, on each kernel
 */
struct demands {
	const char *globs[DEMANDS_MAX];
	size_t count;
	unsigned long min_run;
};

/** demands_any() - whether there are any */
bool demands_any(const struct demands *demands);

/**
 * demands_fit(), demands_fit_run() - whether every glob matches a cell
 * @ids: @count of them
 * Return: 0, or -EINVAL with a line that names the glob.
 */
int demands_fit(const struct demands *demands, const char *const *ids,
		size_t count, struct error *error);
int demands_fit_run(const struct demands *demands, const struct run *run,
		    struct error *error);

/** demands_keep() - forget every glob that matches none of @ids */
void demands_keep(struct demands *demands, const char *const *ids,
		  size_t count);

/**
 * demands_unmet() - what a run owes
 * @tell: gets one line for each glob and kernel that owes something
 * Return: the number of lines, or -ENOMEM.
 */
int demands_unmet(const struct demands *demands, const struct run *run,
		  void (*tell)(void *arg, const char *line), void *arg);

#endif
