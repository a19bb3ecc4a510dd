/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRAMS_REQUEST_H
#define PROGRAMS_REQUEST_H

/*
 * Request: what a run was asked for. It is the first record of a journal, so
 * that --resume needs nothing but the folder.
 */

#include <limits.h>
#include "plan/plan.h"
#include "programs/options.h"

/**
 * struct request - a run that is made, or gone on with
 * @command: "run" or "vm"
 * @arguments: its argument vector, ended by NULL, for the record; or NULL
 * @common: options; those of the journal stand in for what was not given
 * @options: of the command alone; owned
 * @plan: owned
 * @whole: cells of the plan before --shard cut it
 * @journal: owned
 * @before: what the journal held already, or NULL; owned
 * @dir: folder of the journal
 */
struct request {
	const char *command;
	char *const *arguments;
	struct common_options common;
	json_t *options;
	struct plan plan;
	size_t whole;
	struct journal *journal;
	struct run *before;
	char dir[PATH_MAX];
};

/**
 * request_resume() - open the journal of --resume; fill in all that it holds
 * @words: arguments that are no options: there must be none
 *
 * The working directory becomes the one that the run was begun in, as paths
 * of the request are relative to it.
 *
 * Return: 0 or -errno with a line of @error.
 */
int request_resume(struct request *request, int words, struct error *error);

/**
 * request_create() - make the journal; the request is its first record
 * @options: of the command alone, is taken over
 * Return: 0 or -errno with a line of @error.
 */
int request_create(struct request *request, json_t *options,
		   struct error *error);

/**
 * request_plan() - plan a run; leave the cells of --shard
 * @globs: @count of them, as for plan_build()
 *
 * A demand that fits the plan but no cell of the shard is forgotten.
 * Return: 0 or -errno with a line of @error.
 */
int request_plan(struct request *request, char *const *globs, int count,
		 struct error *error);

/** request_done() - free everything */
void request_done(struct request *request);

#endif
