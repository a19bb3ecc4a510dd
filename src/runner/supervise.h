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

/**
 * struct supervision - what stays the same from cell to cell
 * @kmsg: reader of kernel messages, or NULL when they cannot be read
 * @workdir: the run's workspace
 * @limit_factor: scale of time limits
 * @home_network: see struct run_options
 * @on_fact: told about each fact as it comes; may be NULL
 */
struct supervision {
	struct kmsg *kmsg;
	const char *workdir;
	double limit_factor;
	bool home_network;
	void (*on_fact)(void *arg, const struct fact *fact);
	void *on_fact_arg;
};

/**
 * supervise() - run one cell to its end, whatever that is
 * @observation: receives the facts
 * @log: array that receives kernel messages worth keeping
 * Return: 0; -EINTR when the user interrupts; another -errno when no process
 * could be started.
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
