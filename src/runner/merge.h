/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_MERGE_H
#define RUNNER_MERGE_H

/*
 * Merge: one journal out of several: of the shards of a plan, or of several
 * kernels. It reads like that of a run which did all of it.
 */

#include <jansson.h>
#include <stdbool.h>
#include "base/error.h"
#include "runner/journal.h"

/**
 * struct merge_part - a journal that is joined
 * @dir: its folder, as the user calls it
 * @run: what it holds
 */
struct merge_part {
	const char *dir;
	struct run *run;
};

/**
 * merge_check() - whether @parts can be one run
 * @any_boot: runs on the running kernel may be of several boots, or machines,
 *	where release and configuration are the same
 *
 * All are of one version of gupcheck, every release stands for one kernel, no
 * cell is there twice on a kernel, and no shard is missing.
 *
 * Return: 0, or -EINVAL with a line of @error.
 */
int merge_check(const struct merge_part *parts, size_t count, bool any_boot,
		struct error *error);

/**
 * merge_write() - write @parts, which merge_check() let pass, to @journal
 * @arguments: of the command, for the record; borrowed
 *
 * A kernel has one canary, the worst of its parts, and came to its end when all
 * of its parts did.
 *
 * Return: 0, or -errno with a line of @error.
 */
int merge_write(const struct merge_part *parts, size_t count,
		struct journal *journal, json_t *arguments,
		struct error *error);

#endif
