/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_KEEP_H
#define RUNNER_KEEP_H

/*
 * Keep: which cells leave the image of their filesystem behind.
 *
 * It is decided before a cell runs, for every verdict that it may have: a guest
 * cannot read the rules that tell what is unexpected.
 */

#include "judge/expect.h"

/** enum keep - what --keep-images asks for */
enum keep {
	KEEP_NONE,
	KEEP_UNEXPECTED, /* what is unexpected, broken or hung */
	KEEP_ALL, /* whatever ran */
};

/** keep_from_string() - 0 or -EINVAL */
int keep_from_string(const char *word, enum keep *ret);

/** keep_to_string() - the word, or NULL for KEEP_NONE */
const char *keep_to_string(enum keep keep);

/**
 * keep_verdicts() - with which verdicts a cell leaves its image
 * @rules: known exceptions, or NULL; not changed
 * @release: kernel under test
 * Return: a bit 1 << verdict for each; 0 where its filesystem has no image.
 */
uint32_t keep_verdicts(enum keep keep, const struct rule_set *rules,
		       const struct cell_id *id, const char *release);

/**
 * keep_plan() - keep_verdicts() of each cell
 * Return: an array as long as @plan, to be freed, or NULL without memory.
 */
uint32_t *keep_plan(enum keep keep, const struct rule_set *rules,
		    const struct plan *plan, const char *release);

#endif
