/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_HEALTH_H
#define RUNNER_HEALTH_H

/*
 * Health: what the kernel says and counts while one cell runs, as facts.
 *
 * The window of a cell in the kernel's log goes from its begin marker to its
 * end marker. A gap, a suppressed message or an unreadable log is a fact too:
 * without the whole log nothing can be called good.
 */

#include <stdbool.h>
#include <jansson.h>
#include <gupcheck/fact.h>
#include "kernel/classify.h"
#include "kernel/counters.h"
#include "kernel/kmsg.h"

/**
 * struct health - one cell's; filled in by health_begin()
 * @kmsg: the reader, or NULL when messages cannot be read
 * @log: receives kernel messages worth keeping
 * @tell, @arg: told each fact
 * @device: block device of the cell; filesystem complaints that name another
 *	one are not its own
 * @before: counters at the beginning
 * @lost: records that @kmsg had lost at the beginning
 * @told: facts per class: of one class a few say all that thousands would
 * @trouble: a message told of trouble
 * @context: records still to be kept after the last one that meant trouble
 */
struct health {
	struct kmsg *kmsg;
	json_t *log;
	void (*tell)(void *arg, const struct fact *fact);
	void *arg;
	char device[FACT_NAME_SIZE];
	struct kernel_counters before;
	uint64_t lost;
	unsigned int told[LOG_CLASS_COUNT + 1];
	bool trouble;
	unsigned int context;
};

/** health_begin() - the cell @id starts now; @kmsg, @log, @tell, @arg are set
 */
void health_begin(struct health *health, const char *id);

/** health_drain() - take in what the kernel has said since */
void health_drain(struct health *health);

/**
 * health_end() - the cell has come to its end, and all its processes are gone
 * @alone: nobody but us pins memory on this kernel
 * @patience_s: how long pins may take to be returned, seconds
 */
void health_end(struct health *health, const char *id, bool alone,
		double patience_s);

#endif
