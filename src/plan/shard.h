/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PLAN_SHARD_H
#define PLAN_SHARD_H

/* Shard: a part of a plan, so that several machines can share it. */

#include <stdbool.h>
#include "base/error.h"
#include "plan/plan.h"

/** SHARD_MAX - into how many parts a plan can be split */
#define SHARD_MAX 9999

/** SHARD_TEXT_SIZE - `9999/9999` and the NUL */
#define SHARD_TEXT_SIZE 16

/**
 * struct shard - part @index of @count, from 1
 * @count: 0: there are no parts, the plan is whole
 */
struct shard {
	unsigned int index;
	unsigned int count;
};

/** shard_parse() - read `2/5`; 0, or -EINVAL with a line of @error */
int shard_parse(const char *text, struct shard *ret, struct error *error);

/** shard_format() - write it again; returns @buf */
const char *shard_format(const struct shard *shard, char buf[SHARD_TEXT_SIZE]);

/**
 * shard_has() - whether cell @id falls into @shard
 *
 * Told by a hash of the id and by nothing else: the same on every machine, and
 * whatever else is planned. Each cell is in one of the shards of a count.
 */
bool shard_has(const struct shard *shard, const char *id);

/** shard_cut() - leave those cells of @plan that fall into @shard */
void shard_cut(const struct shard *shard, struct plan *plan);

#endif
