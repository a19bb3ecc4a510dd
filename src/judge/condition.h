/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_CONDITION_H
#define JUDGE_CONDITION_H

/*
 * Condition: what somebody who bisects looks for, in words. No I/O.
 *
 *	CONDITION[,CONDITION…], each WORD[=ERRNO][~TEXT]
 *
 * WORD is a verdict (`exposed`, also `hung` and `vanished`) or an outcome
 * (`unexpected`, `as-expected`, `known-issue`, `fixed`), ERRNO a name such as
 * `EFAULT`, TEXT a part of the reason (without commas).
 */

#include <gupcheck/verdict.h>
#include "base/error.h"
#include "judge/change.h"

#define CONDITIONS_MAX 16

/**
 * struct condition - one of them
 * @verdicts: bits by enum verdict; 0: @outcomes is asked
 * @outcomes: bits by enum outcome
 * @error, @text: NULL: any
 */
struct condition {
	unsigned int verdicts;
	unsigned int outcomes;
	const char *error;
	const char *text;
};

/** struct conditions - any of them is enough; @copy is owned */
struct conditions {
	struct condition items[CONDITIONS_MAX];
	size_t count;
	char *copy;
};

/** conditions_parse() - 0 or -errno with a line of @error */
int conditions_parse(const char *text, struct conditions *ret,
		     struct error *error);

/** conditions_done() - free what conditions_parse() allocated */
void conditions_done(struct conditions *conditions);

/** conditions_match() - whether one of @conditions holds of an answer */
bool conditions_match(const struct conditions *conditions,
		      const struct change_side *side, enum outcome outcome);

#endif
