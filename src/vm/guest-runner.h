/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_GUEST_RUNNER_H
#define VM_GUEST_RUNNER_H

/*
 * Guest runner: the process that runs the plan. Process 1 passes its records
 * on, and outlives it to tell what became of it.
 */

#include "plan/plan.h"
#include "vm/channel.h"

/**
 * struct guest_job - what the host asked for; owns the plan
 * @keep: see struct run_options; owned
 */
struct guest_job {
	struct plan plan;
	uint32_t *keep;
	bool destructive;
	bool home_network;
};

/**
 * guest_runner_run() - run the job in a process of its own, send its records
 * @reason: receives "", or one line on why not all cells were attempted
 * Return: 0, or -errno when the channel does not work any more.
 */
int guest_runner_run(struct channel *channel, const struct guest_job *job,
		     char *reason, size_t size);

#endif
