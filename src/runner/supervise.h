/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_SUPERVISE_H
#define RUNNER_SUPERVISE_H

/*
 * Supervise: starts one cell as a process of its own, gathers its facts and the
 * kernel's messages, and ends it when it takes too long. Never touches the
 * filesystem under test.
 */

#include <stdbool.h>
#include <jansson.h>
#include "judge/observation.h"
#include "kernel/kmsg.h"
#include "plan/plan.h"
#include "runner/cgroup.h"
#include "runner/ledger.h"

/**
 * struct supervision - what stays the same from cell to cell
 * @kmsg: reader of kernel messages, or NULL when they cannot be read
 * @workdir: the run's workspace
 * @limit_factor: scale of time limits
 * @deadline: of the whole run, in clock_seconds(); 0: none
 * @home_network, @alone: see struct run_options
 * @keep_image: the cell leaves the image of its filesystem in @workdir, and
 *	the caller removes it
 * @cgroup: for the processes of cells; may be none
 * @ledger: notes the settings that cells change; may be NULL
 * @on_fact: told about each fact as it comes; may be NULL
 */
struct supervision {
	struct kmsg *kmsg;
	const char *workdir;
	double limit_factor;
	double deadline;
	bool home_network;
	bool alone;
	bool keep_image;
	const struct cgroup *cgroup;
	struct ledger *ledger;
	void (*on_fact)(void *arg, const struct fact *fact);
	void *on_fact_arg;
};

/**
 * supervise() - run one cell to its end, whatever that is
 * @observation: receives the facts
 * @log: array that receives kernel messages worth keeping
 * Return: 0; -EINTR when the user interrupts; -ETIME when the time of the whole
 * run is over; another -errno when no process could be started.
 */
int supervise(const struct supervision *supervision, const struct cell_id *id,
	      struct observation *observation, json_t *log);

/** CELL_COMMAND - first argument of the program when it is run as a cell */
#define CELL_COMMAND "internal-cell"

/** cell_main() - the program, run as a cell by supervise() */
int cell_main(int argc, char **argv);

/** interrupt_watch() - turn SIGINT, SIGTERM, SIGHUP into interrupted() */
void interrupt_watch(void);

/** interrupted() - the signal that asked us to stop, or 0 */
int interrupted(void);

#endif
