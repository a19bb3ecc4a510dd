/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

/* Judge: a pure function from facts to a verdict. No I/O. */

#include <gupcheck/verdict.h>
#include "judge/observation.h"
#include "plan/plan.h"

#define JUDGE_REASON_SIZE 320

/**
 * struct judgement - the verdict and what it rests on
 * @error: positive errno of the refused pin, or 0
 * @reason: one line: the worst evidence
 */
struct judgement {
	enum verdict verdict;
	int error;
	char reason[JUDGE_REASON_SIZE];
};

/**
 * judge() - what the facts say about the kernel
 *
 * The worst evidence is the headline. What is missing or inconsistent gives
 * VERDICT_BROKEN, never VERDICT_SAFE or VERDICT_REFUSED.
 */
void judge(const struct cell_id *id, const struct observation *observation,
	   struct judgement *ret);

#endif
