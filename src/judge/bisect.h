/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_BISECT_H
#define JUDGE_BISECT_H

/*
 * Bisect: what the answer of one cell says about one step of a bisection. No
 * I/O.
 *
 * *Good* and *bad* are the two ends as git has them, whatever terms it was
 * given: the older one and the newer one. A step is bad when it answers as the
 * bad end does, good when it is not worse than the good end, and neither when
 * it does something else: another failure than the one that is looked for says
 * nothing about that one.
 */

#include "judge/change.h"
#include "judge/condition.h"

/** enum bisect_step - what a step is */
enum bisect_step {
	BISECT_GOOD,
	BISECT_BAD,
	BISECT_CANNOT_TELL,
	BISECT_ABORT, /* a kernel was lost, and the user wants to be asked */
};

/** enum lost - what a hang, or a machine that died, is taken for */
enum lost {
	LOST_AUTO, /* bad where the bad end crashes or hangs; else skip */
	LOST_SKIP,
	LOST_BAD,
	LOST_ABORT,
};

/** struct bisect_answer - what a cell said in one run; see change_side */
struct bisect_answer {
	struct change_side side;
	enum outcome outcome;
};

/**
 * struct bisect_rule - what is looked for
 * @good_when, @bad_when: conditions; NULL: to be like that end
 * @either_way: any other answer is looked for, also a better one
 */
struct bisect_rule {
	const struct conditions *good_when;
	const struct conditions *bad_when;
	enum lost lost;
	bool either_way;
};

/** lost_from_string() - skip, bad, abort or auto; 0 or -EINVAL */
int lost_from_string(const char *word, enum lost *ret);

/** bisect_looked_for() - whether a cell is what tells the two ends apart */
bool bisect_looked_for(const struct bisect_rule *rule, enum duty duty,
		       const struct bisect_answer *good,
		       const struct bisect_answer *bad);

/**
 * bisect_judge() - one cell of a step
 * @good, @bad: its answers at the ends; NULL where the ends are not known: then
 *	@rule has both conditions
 * @ret_why: why nothing can be told (static), else NULL; may be NULL itself
 */
enum bisect_step bisect_judge(const struct bisect_rule *rule, enum duty duty,
			      const struct bisect_answer *good,
			      const struct bisect_answer *bad,
			      const struct bisect_answer *step,
			      const char **ret_why);

/**
 * bisect_repeats() - how often a step has to be good before it is believed
 * @seen: of @runs runs of the bad end, so many showed what is looked for; 1 or
 *	more
 * @confidence: above 0, below 1: how likely a bad step is to be found so
 *
 * One that always shows it is taken to be deterministic. Else the smallest n
 * with 1 - (1 - seen/runs)^n >= confidence.
 */
unsigned int bisect_repeats(size_t seen, size_t runs, double confidence);

#endif
