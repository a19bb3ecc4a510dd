/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_WORKER_H
#define CELL_WORKER_H

/*
 * Worker: the disposable process that owns the mapping and the pin, and runs
 * the hooks of the mechanism. The cell tells it which step to run.
 */

#include <limits.h>
#include <stdbool.h>
#include <gupcheck/mechanism.h>
#include <gupcheck/pattern.h>
#include <gupcheck/scenario.h>
#include "cell/locked.h"
#include "plan/plan.h"

/** STEP_STOP - a step's result: the scenario ends here, as it should */
#define STEP_STOP 1

/** WORKER_QUIT - step number that ends the worker */
#define WORKER_QUIT UINT32_MAX

/** struct device - one open mechanism */
struct device {
	const struct mechanism *mechanism;
	void *state;
	struct worker *worker;
	bool pinned;
};

/**
 * struct worker - prepared by the cell, then lived in by the worker
 * @id: the cell
 * @patterns: what its files hold
 * @path: the file to be pinned
 * @other: a second file, for a range of two
 * @workdir: folder for the mechanism's own things
 * @map_length: bytes to map
 * @window: bytes to pin, from the start of the mapping
 * @facts: socket to the supervisor
 * @home_netns: network namespace that gupcheck was started in, or -1
 * @limit_factor: scale of time limits
 * @fd, @map, @device: live state, -1 or NULL when there is none
 * @before: what was locked before the device was opened
 * @child: process that shares the mapping, or 0
 * @controlled: the control pin was tried, and worked
 * @range: what was pinned; its address is kept when it is unmapped
 */
struct worker {
	const struct cell_id *id;
	const struct patterns *patterns;
	char path[PATH_MAX];
	char other[PATH_MAX];
	char workdir[PATH_MAX];
	size_t map_length;
	size_t window;
	int facts;
	int home_netns;
	double limit_factor;

	int fd;
	char *map;
	pid_t child;
	struct locked before;
	bool controlled;
	struct range range;
	struct device device;
};

/**
 * worker_run() - serve commands until told to quit
 * @commands: SOCK_SEQPACKET socket: receives uint32_t step numbers, answers
 *each with the step's int32_t result
 */
_Noreturn void worker_run(struct worker *worker, int commands);

/** worker_expected() - the window after a device write, in must_alloc() memory
 */
void *worker_expected(const struct worker *worker);

/**
 * worker_device_read() - what the pin sees now
 * @buf: receives the window; old data where nothing is pinned
 * Return: 0 or -errno.
 */
int worker_device_read(struct worker *worker, char *buf);

/** worker_check_landed() - look where the device write should be, and say it */
enum content worker_check_landed(struct worker *worker, const void *memory,
				 unsigned int view);

/**
 * worker_pin() - take the pin, and count how many pages are pinned meanwhile
 * @name: "control" or "file"
 * Return: 0 or -errno.
 */
int worker_pin(struct worker *worker, const struct range *range,
	       const char *name);

/**
 * worker_control_pin() - open the device, pin anonymous memory with it, write
 * through the pin, release it
 * Return: 0, with the device left open, or -errno.
 */
int worker_control_pin(struct worker *worker);

#endif
