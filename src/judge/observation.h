/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_OBSERVATION_H
#define JUDGE_OBSERVATION_H

/* Observation: the facts of one cell, in the order in which they came. */

#include <stdbool.h>
#include <stddef.h>
#include <gupcheck/fact.h>

/** struct observation - owns @facts */
struct observation {
	struct fact *facts;
	size_t count;
	size_t allocated;
};

/** observation_add() - append a copy; 0 or -ENOMEM */
int observation_add(struct observation *observation, const struct fact *fact);

/**
 * observation_repeats() - whether @fact is there already
 *
 * Only of reads and pins, which tell nothing new when they are repeated in a
 * later round. The order of other facts is part of what they tell.
 */
bool observation_repeats(const struct observation *observation,
			 const struct fact *fact);

/** observation_done() - free the facts */
void observation_done(struct observation *observation);

/** observation_first() - the first fact of @kind, of @name unless NULL */
const struct fact *observation_first(const struct observation *observation,
				     enum fact_kind kind, const char *name);

#endif
