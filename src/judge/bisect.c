/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "judge/bisect.h"

static const char *const lost_words[] = {
	[LOST_AUTO] = "auto",
	[LOST_SKIP] = "skip",
	[LOST_BAD] = "bad",
	[LOST_ABORT] = "abort",
};

int lost_from_string(const char *word, enum lost *ret)
{
	for (enum lost i = LOST_AUTO; i <= LOST_ABORT; i++)
		if (!strcmp(word, lost_words[i])) {
			*ret = i;
			return 0;
		}
	return -EINVAL;
}

static bool is_lost(enum verdict verdict)
{
	return verdict == VERDICT_HUNG || verdict == VERDICT_VANISHED;
}

static bool says_something(enum verdict verdict)
{
	return verdict_is_answer(verdict) || is_lost(verdict);
}

/* The same answer; what is wrong has to be the same, too. */
static bool is_like(enum duty duty, const struct bisect_answer *end,
		    const struct bisect_answer *step)
{
	return end->side.verdict == step->side.verdict &&
	       change_judge(duty, &end->side, &step->side, NULL) == CHANGE_SAME;
}

static bool is_bad(const struct bisect_rule *rule, enum duty duty,
		   const struct bisect_answer *bad,
		   const struct bisect_answer *step)
{
	return rule->bad_when ? conditions_match(rule->bad_when, &step->side,
						 step->outcome)
			      : is_like(duty, bad, step);
}

/* An errno of its own breaks nothing; where any change is looked for it is one.
 */
static bool is_no_worse(const struct bisect_rule *rule, enum duty duty,
			const struct bisect_answer *good,
			const struct bisect_answer *step)
{
	enum change change = change_judge(duty, &good->side, &step->side, NULL);

	return !rule->either_way && verdict_is_answer(step->side.verdict) &&
	       (change == CHANGE_SAME || change == CHANGE_BETTER ||
		change == CHANGE_ERRNO);
}

static bool is_good(const struct bisect_rule *rule, enum duty duty,
		    const struct bisect_answer *good,
		    const struct bisect_answer *step)
{
	if (rule->good_when)
		return conditions_match(rule->good_when, &step->side,
					step->outcome);
	return is_like(duty, good, step) || is_no_worse(rule, duty, good, step);
}

bool bisect_looked_for(const struct bisect_rule *rule, enum duty duty,
		       const struct bisect_answer *good,
		       const struct bisect_answer *bad)
{
	enum change change;

	if (!says_something(good->side.verdict) ||
	    !says_something(bad->side.verdict))
		return false;
	if (rule->good_when || rule->bad_when)
		return is_bad(rule, duty, bad, bad) &&
		       !is_bad(rule, duty, bad, good) &&
		       is_good(rule, duty, good, good);
	change = change_judge(duty, &good->side, &bad->side, NULL);
	if (rule->either_way)
		return change == CHANGE_WORSE || change == CHANGE_BETTER ||
		       change == CHANGE_ERRNO || change == CHANGE_REASON;
	return change == CHANGE_WORSE;
}

static enum bisect_step judge_lost(const struct bisect_rule *rule,
				   const struct bisect_answer *bad,
				   const char **ret_why)
{
	*ret_why = "the kernel did not come back";
	if (rule->lost == LOST_ABORT)
		return BISECT_ABORT;
	if (rule->lost == LOST_BAD ||
	    (rule->lost == LOST_AUTO && bad &&
	     (bad->side.verdict == VERDICT_OOPS || is_lost(bad->side.verdict))))
		return BISECT_BAD;
	return BISECT_CANNOT_TELL;
}

static enum bisect_step judge(const struct bisect_rule *rule, enum duty duty,
			      const struct bisect_answer *good,
			      const struct bisect_answer *bad,
			      const struct bisect_answer *step,
			      const char **ret_why)
{
	if (!says_something(step->side.verdict)) {
		*ret_why = "it gives no answer";
		return BISECT_CANNOT_TELL;
	}
	if (is_bad(rule, duty, bad, step))
		return BISECT_BAD;
	/* a hang that is good was asked for in words, or was the good end's */
	if (is_good(rule, duty, good, step))
		return BISECT_GOOD;
	if (is_lost(step->side.verdict))
		return judge_lost(rule, bad, ret_why);
	*ret_why = "it is not what is looked for";
	return BISECT_CANNOT_TELL;
}

enum bisect_step bisect_judge(const struct bisect_rule *rule, enum duty duty,
			      const struct bisect_answer *good,
			      const struct bisect_answer *bad,
			      const struct bisect_answer *step,
			      const char **ret_why)
{
	const char *why = NULL;
	enum bisect_step result = judge(rule, duty, good, bad, step, &why);

	if (ret_why)
		*ret_why = why;
	return result;
}

unsigned int bisect_repeats(size_t seen, size_t runs, double confidence)
{
	double missed = 1.0, miss = 1.0 - (double)seen / (double)runs;
	unsigned int count = 0;

	do {
		missed *= miss;
		count++;
	} while (missed > 1.0 - confidence);
	return count;
}
