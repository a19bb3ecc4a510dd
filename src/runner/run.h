/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_RUN_H
#define RUNNER_RUN_H

/* Run: executes a plan on the running kernel, one cell after the other. */

#include <stdbool.h>
#include "base/error.h"
#include "judge/expect.h"
#include "judge/judge.h"
#include "plan/plan.h"
#include "runner/image-take.h"
#include "runner/journal.h"

/**
 * struct run_options
 * @journal: receives start, end and canary records
 * @rules: known exceptions, or NULL
 * @release: name under which the kernel is reported (uname -r)
 * @destructive: run cells that may hurt the kernel
 * @limit_factor: time limits are multiplied by this; 0: measured (speed.h)
 * @time_limit: of the whole run, seconds; 0: a generous one by the number of
 *	cells; RUN_UNLIMITED
 * @home_network: the machine is ours: mechanisms may use its own network
 *	namespace
 * @alone: nobody else pins memory on this kernel
 * @keep: for each cell of the plan the verdicts with which the image of its
 *	filesystem is kept (runner/keep.h); NULL: none is
 * @image: where images go; unused without @keep
 * @image_end: with the argument of @image: all of it is there, and has that
 *	name (image_name()); without a name it comes to nothing. 0 or -errno
 * @waiting: told when another run has to end first; may be NULL
 * @progress: told after each cell; may be NULL
 * @on_fact: told about each fact of each cell; may be NULL
 * @progress_arg: first argument of both
 */
struct run_options {
	struct journal *journal;
	struct rule_set *rules;
	const char *release;
	bool destructive;
	double limit_factor;
	double time_limit;
	bool home_network;
	bool alone;
	const uint32_t *keep;
	struct image_sink image;
	int (*image_end)(void *arg, const char *name);
	void (*waiting)(void);
	void (*progress)(void *arg, size_t done, size_t total, const char *id,
			 enum verdict verdict);
	void (*on_fact)(void *arg, const struct fact *fact);
	void *progress_arg;
};

#define RUN_UNLIMITED (-1.0)

/**
 * run_time_limit() - how long a run may take, where the user does not say
 * @count: cells
 * Return: seconds.
 */
double run_time_limit(size_t count, double limit_factor);

/**
 * run_plan() - run every cell of @plan and the canary
 * Return: 0 when all cells were attempted; -EINTR when the user interrupted it;
 * -ETIME when the time limit passed; or another -errno with a line of @error.
 */
int run_plan(const struct plan *plan, const struct run_options *options,
	     struct error *error);

/**
 * run_end_record() - the "end" record of a cell
 * @facts: may be NULL
 *
 * Fills in the outcome from @rules. Used by run_plan(), and by the VM host for
 * a cell that took its kernel with it.
 */
json_t *run_end_record(const struct cell_id *id, const char *release,
		       struct rule_set *rules,
		       const struct judgement *judgement,
		       const struct observation *observation, double seconds);

#endif
