/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_VERDICT_H
#define GUPCHECK_VERDICT_H

/*
 * Verdict: what the facts of a cell say about the kernel.
 * Outcome: how the verdict compares with what was expected of it.
 */

#include <stdbool.h>

/** enum verdict - five answers, from best to worst, and four ways to have none
 */
enum verdict {
	VERDICT_SAFE, /* pinned, written, every promise kept */
	VERDICT_REFUSED, /* the pin was refused with a documented errno */
	VERDICT_EXPOSED, /* a pin that must be refused was accepted */
	VERDICT_CORRUPT, /* a promise to the user was broken */
	VERDICT_OOPS, /* WARN, BUG, sanitizer, lockdep, panic */
	VERDICT_SKIPPED, /* cannot run here, for the reason given */
	VERDICT_BROKEN, /* the harness failed, or proved nothing */
	VERDICT_HUNG, /* something that had to return did not */
	VERDICT_VANISHED, /* the machine died without evidence */
	VERDICT_COUNT
};

/** enum outcome - the verdict against the expectation */
enum outcome {
	OUTCOME_NONE, /* there is no verdict to compare */
	OUTCOME_AS_EXPECTED,
	OUTCOME_UNEXPECTED,
	OUTCOME_KNOWN_ISSUE, /* bad, and an expectation rule says why */
	OUTCOME_FIXED, /* better than an expectation rule says */
	OUTCOME_COUNT
};

const char *verdict_to_string(enum verdict verdict);
int verdict_from_string(const char *word, enum verdict *ret);
const char *outcome_to_string(enum outcome outcome);
int outcome_from_string(const char *word, enum outcome *ret);

/** verdict_is_answer() - whether @verdict says anything about the kernel */
static inline bool verdict_is_answer(enum verdict verdict)
{
	return verdict <= VERDICT_OOPS;
}

#endif
