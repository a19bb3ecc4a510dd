/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_EXPECT_H
#define JUDGE_EXPECT_H

/*
 * Expect: compares a verdict with what is expected of the kernel.
 *
 * By default invariant 1 exactly: a cell that must be refused is `refused`,
 * every other one is `safe`. Known exceptions are text, one rule a line:
 *
 *	cell glob | kernels | verdicts | reason | link [| until YYYY-MM-DD]
 *
 * `kernels` is `*` or a comma list of `<6.5`, `>=6.12`, `5.10..6.1` (both ends
 * included, compared by the numbers that are given), `6.1` (that series).
 * `verdicts` is a comma list. Lines that are empty or begin with `#` are
 * skipped. Reason and link are mandatory. The first rule that covers a cell on
 * a kernel is applied, so narrow rules stand before wide ones. Only answers can
 * be listed: nothing excuses a cell that is hung or broken.
 *
 * Behind the day that it names a rule still covers its cells, and excuses none.
 */

#include <stdint.h>
#include <stdio.h>
#include <gupcheck/verdict.h>
#include "base/error.h"
#include "plan/plan.h"

/** struct rule - one line; strings are owned by the rule set */
struct rule {
	const char *glob;
	const char *kernels;
	unsigned int verdicts; /* mask of 1 << enum verdict */
	const char *reason;
	const char *link;
	const char *until; /* the last day that it excuses, or NULL */
	const char *origin; /* file:line */
	unsigned int matched; /* cells that it covered, answer or not */
	unsigned int better; /* of these, cells that got better */
};

/** RULE_DAY_SIZE - `YYYY-MM-DD` and the NUL */
#define RULE_DAY_SIZE 11

/**
 * struct rule_set - owns @rules
 * @today: the day of the run, `YYYY-MM-DD`, which the caller sets; "": before
 *	all days, so that no rule has expired
 */
struct rule_set {
	struct rule *rules;
	size_t count;
	char today[RULE_DAY_SIZE];
};

/** kernel_range_matches() - 1, 0, -EINVAL when @range is malformed, -ENOMEM */
int kernel_range_matches(const char *range, const char *release);

/**
 * rule_set_parse() - append the rules of one file's text
 * @origin: file name for messages
 * Return: 0, or -EINVAL with a line naming @origin:LINE, the fault, the mend.
 */
int rule_set_parse(struct rule_set *set, const char *origin, const char *text,
		   struct error *error);

/** rule_set_done() - free it */
void rule_set_done(struct rule_set *set);

/**
 * expect() - compare
 * @set: known exceptions; may be NULL; its counters are updated
 * @release: kernel under test
 * @ret_rule: the rule that was applied, or NULL; may be NULL
 *
 * Without a verdict OUTCOME_NONE. The verdict expected by default is
 * OUTCOME_AS_EXPECTED, or OUTCOME_FIXED where a rule covers the cell and does
 * not list it. Any other verdict is OUTCOME_KNOWN_ISSUE where the rule lists
 * it and has not expired, else OUTCOME_UNEXPECTED.
 */
enum outcome expect(struct rule_set *set, const struct cell_id *id,
		    const char *release, enum verdict verdict,
		    const struct rule **ret_rule);

/**
 * expect_not() - the verdicts that would be OUTCOME_UNEXPECTED
 * @set: as for expect(); no counter is updated
 * Return: a bit 1 << verdict for each.
 */
uint32_t expect_not(const struct rule_set *set, const struct cell_id *id,
		    const char *release);

/** rule_expired() - whether the day that @rule names is over */
bool rule_expired(const struct rule_set *set, const struct rule *rule);

/**
 * rule_tell() - reason and link, for the journal
 * @rule: of @set, as expect() gave it
 * @verdict, @outcome: what it was applied to
 *
 * Where it excuses nothing, why follows. Return: to be freed, or NULL without
 * memory.
 */
char *rule_tell(const struct rule_set *set, const struct rule *rule,
		enum verdict verdict, enum outcome outcome);

/** enum rule_use - whether a rule is good for anything */
enum rule_use {
	RULE_USEFUL,
	RULE_SHADOWED, /* earlier rules cover each cell that it matches */
	RULE_DEAD, /* no cell of this build, or of this run, matches its glob */
};

/**
 * rule_use() - of the rule at @index
 *
 * Kernels are not reckoned with: an earlier rule covers what it does on those
 * that this one names where it names the same, or all.
 */
enum rule_use rule_use(const struct rule_set *set, size_t index);

#endif
