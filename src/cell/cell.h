/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_CELL_H
#define CELL_CELL_H

/*
 * Cell: the process that mounts the filesystem of one cell, runs its steps, and
 * takes everything down again. It owns the mount; its worker owns the pin.
 */

#include <stdbool.h>
#include <gupcheck/pattern.h>
#include "cell/keeper.h"
#include "cell/worker.h"
#include "media/extents.h"
#include "media/stage.h"
#include "judge/observation.h"
#include "plan/plan.h"

/**
 * struct cell_options
 * @facts: socket to the supervisor
 * @workdir: folder on a tmpfs
 * @limit_factor: scale of time limits
 * @home_network: tell the worker of the network namespace we came from
 * @keep_image: leave the image of the filesystem in @workdir
 * @keeper: puts right what the cell cannot when it is killed
 */
struct cell_options {
	int facts;
	const char *workdir;
	double limit_factor;
	bool home_network;
	bool keep_image;
	struct keeper keeper;
};

/**
 * struct cell - while it runs
 * @commands: socket to the worker, -1 when it is gone
 * @memory_file: the memfd that is pinned, or -1
 * @filesystem: as @id says, with the options that its variant wants
 * @pending: the worker step that has not answered yet, or NULL
 * @round: number of the round, from 0
 * @seen: the reads and the ends of steps so far
 * @still: the disk has to stand still: frozen, or read-only
 * @still_map: where the pinned file lay when that began
 */
struct cell {
	struct cell_id id;
	struct cell_options options;
	struct filesystem filesystem;
	struct stage stage;
	struct patterns patterns;
	struct worker worker;
	pid_t worker_pid;
	int commands;
	int memory_file;
	const struct step *pending;
	unsigned int round;
	struct observation seen;
	struct extents still_map;
	bool still;
};

/**
 * cell_run() - the whole life of a cell
 *
 * What was seen is sent as facts; there is nothing to return. To be called in a
 * process of its own, which should end afterwards.
 */
void cell_run(const struct cell_id *id, const struct cell_options *options);

/** cell_start_worker() - 0 or -errno */
int cell_start_worker(struct cell *cell);

/**
 * cell_command_step() - make the worker run a step
 * @number: of the step in the scenario
 * @ret_result: receives what the step returned
 * Return: 0; -EINPROGRESS when a step that may block did; -ETIMEDOUT when one
 * that may not did; -EPIPE when the worker is gone.
 */
int cell_command_step(struct cell *cell, uint32_t number,
		      const struct step *step, int *ret_result);

/** cell_stop_worker() - wait for its pending step, release, bury */
void cell_stop_worker(struct cell *cell);

/** cell_broken() - the harness failed: one fact */
void cell_broken(struct cell *cell, int ret, const char *what);

/** cell_saw() - a fact for the supervisor that the cell remembers as well */
void cell_saw(struct cell *cell, enum fact_kind kind, const char *name,
	      int value, unsigned int view, uint64_t offset);

/**
 * cell_path() - where a file of the cell is, for its worker as well
 * @buf: PATH_MAX bytes
 * Return: @buf
 */
const char *cell_path(const struct cell *cell, enum file_role file, char *buf);

/** cell_create_file() - write @pattern to a file of the cell, and sync it */
int cell_create_file(struct cell *cell, enum file_role file,
		     const struct pattern *pattern);

/**
 * cell_create_file_with() - write @data to a file of the cell, and sync it
 * @data: as long as the window
 */
int cell_create_file_with(struct cell *cell, enum file_role file,
			  const void *data);

/** cell_views() - which of @views this filesystem has */
unsigned int cell_views(const struct cell *cell, unsigned int views);

/**
 * cell_read() - read a file back through one view
 * @buf: receives the window
 */
int cell_read(struct cell *cell, enum file_role file, enum view view,
	      void *buf);

#endif
