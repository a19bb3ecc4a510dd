/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of plan/test-tables.c. */

#include <string.h>

#include "base/unit.h"
#include "judge/change.h"

static enum change judge_words(enum duty duty, enum verdict old,
			       enum verdict new)
{
	const struct change_side was = {old, NULL, ""};
	const struct change_side is = {new, NULL, ""};

	return change_judge(duty, &was, &is, NULL);
}

/* `~`: cannot tell; `-`: unanswered */
static const char letters[CHANGE_COUNT] = {
	[CHANGE_WORSE] = 'W',	    [CHANGE_BETTER] = 'B',
	[CHANGE_CANNOT_TELL] = '~', [CHANGE_SAME] = '=',
	[CHANGE_UNANSWERED] = '-',
};

/*
 * Rows: the old verdict; columns: the new one; both in the order of enum
 * verdict: safe refused exposed corrupt oops, skipped broken hung vanished.
 */
static const char *const tables[DUTY_COUNT][VERDICT_COUNT] = {
	[DUTY_WORK] =
		{
			[VERDICT_SAFE] = "=WWWW~~WW",
			[VERDICT_REFUSED] = "B=WWW~~WW",
			[VERDICT_EXPOSED] = "BW=WW~~WW",
			[VERDICT_CORRUPT] = "BWB=W~~WW",
			[VERDICT_OOPS] = "BBBB=~~~~",
			[VERDICT_SKIPPED] = "~~~~~--~~",
			[VERDICT_BROKEN] = "~~~~~--~~",
			[VERDICT_HUNG] = "B~~~~~~=~",
			[VERDICT_VANISHED] = "B~~~~~~~=",
		},
	[DUTY_REFUSE] =
		{
			[VERDICT_SAFE] = "=BWWW~~WW",
			[VERDICT_REFUSED] = "W=WWW~~WW",
			[VERDICT_EXPOSED] = "BB=WW~~WW",
			[VERDICT_CORRUPT] = "BBB=W~~WW",
			[VERDICT_OOPS] = "BBBB=~~~~",
			[VERDICT_SKIPPED] = "~~~~~--~~",
			[VERDICT_BROKEN] = "~~~~~--~~",
			[VERDICT_HUNG] = "~B~~~~~=~",
			[VERDICT_VANISHED] = "~B~~~~~~=",
		},
	[DUTY_UNKNOWN] =
		{
			[VERDICT_SAFE] = "=WWWW~~WW",
			[VERDICT_REFUSED] = "W=WWW~~WW",
			[VERDICT_EXPOSED] = "BB=WW~~WW",
			[VERDICT_CORRUPT] = "BWB=W~~WW",
			[VERDICT_OOPS] = "BBBB=~~~~",
			[VERDICT_SKIPPED] = "~~~~~--~~",
			[VERDICT_BROKEN] = "~~~~~--~~",
			[VERDICT_HUNG] = "~~~~~~~=~",
			[VERDICT_VANISHED] = "~~~~~~~~=",
		},
};

START_TEST(every_pair_of_verdicts)
{
	for (enum duty duty = 0; duty < DUTY_COUNT; duty++)
		for (enum verdict old = 0; old < VERDICT_COUNT; old++)
			for (enum verdict new = 0; new < VERDICT_COUNT;
			     new ++) {
				char seen =
					letters[judge_words(duty, old, new)];

				ck_assert_msg(seen == tables[duty][old][new],
					      "duty %d: %s -> %s is %c", duty,
					      verdict_to_string(old),
					      verdict_to_string(new), seen);
			}
}
END_TEST

/* What got worse in one direction is no "better" or "same" in both. */
START_TEST(nothing_is_better_both_ways)
{
	for (enum duty duty = 0; duty < DUTY_COUNT; duty++)
		for (enum verdict old = 0; old < VERDICT_COUNT; old++)
			for (enum verdict new = 0; new < VERDICT_COUNT; new ++)
				if (judge_words(duty, old, new) ==
				    CHANGE_BETTER)
					ck_assert_int_ne(
						judge_words(duty, new, old),
						CHANGE_BETTER);
}
END_TEST

/* Without a known duty nothing is better that any duty calls worse. */
START_TEST(unknown_cells_are_judged_strictly)
{
	for (enum verdict old = 0; old < VERDICT_COUNT; old++)
		for (enum verdict new = 0; new < VERDICT_COUNT; new ++)
			if (judge_words(DUTY_UNKNOWN, old, new) ==
			    CHANGE_BETTER)
				ck_assert_int_ne(
					judge_words(DUTY_REFUSE, old, new),
					CHANGE_WORSE);
}
END_TEST

START_TEST(worse_and_better_say_why)
{
	for (enum duty duty = 0; duty < DUTY_COUNT; duty++)
		for (enum verdict old = 0; old < VERDICT_COUNT; old++)
			for (enum verdict new = 0; new < VERDICT_COUNT;
			     new ++) {
				const struct change_side was = {old, NULL, ""};
				const struct change_side is = {new, NULL, ""};
				const char *why = "";
				enum change change =
					change_judge(duty, &was, &is, &why);

				ck_assert_msg(
					(why != NULL) ==
						(change <= CHANGE_BETTER ||
						 change == CHANGE_CANNOT_TELL),
					"duty %d: %s -> %s", duty,
					verdict_to_string(old),
					verdict_to_string(new));
			}
}
END_TEST

START_TEST(a_pin_that_is_refused_is_told_by_the_duty)
{
	const struct change_side safe = {VERDICT_SAFE, NULL, ""};
	const struct change_side refused = {VERDICT_REFUSED, "EFAULT", ""};
	const char *why;

	change_judge(DUTY_WORK, &safe, &refused, &why);
	ck_assert_str_eq(why, "a pin that must work is refused now");
	change_judge(DUTY_REFUSE, &safe, &refused, &why);
	ck_assert_str_eq(why, "a pin that must be refused is refused now");
	change_judge(DUTY_REFUSE, &refused, &safe, &why);
	ck_assert_str_eq(why, "a pin that must be refused is accepted now");
}
END_TEST

START_TEST(errno_and_reason)
{
	static const struct {
		struct change_side old, new;
		enum change change;
	} vectors[] = {
		{{VERDICT_REFUSED, "EFAULT", "a"},
		 {VERDICT_REFUSED, "EFAULT", "b"},
		 CHANGE_SAME},
		{{VERDICT_REFUSED, "EFAULT", "a"},
		 {VERDICT_REFUSED, "EOPNOTSUPP", "b"},
		 CHANGE_ERRNO},
		{{VERDICT_REFUSED, NULL, "a"},
		 {VERDICT_REFUSED, "EFAULT", "a"},
		 CHANGE_ERRNO},
		{{VERDICT_CORRUPT, NULL, "the clone changed"},
		 {VERDICT_CORRUPT, NULL, "raw shows old data"},
		 CHANGE_REASON},
		{{VERDICT_OOPS, NULL, "WARNING: CPU: 1 PID: 77 at a.c:1 f+0x1"},
		 {VERDICT_OOPS, NULL, "WARNING: a.c:20 at f+0x2f, CPU#0"},
		 CHANGE_SAME},
		{{VERDICT_OOPS, NULL, "WARNING: CPU: 1 PID: 77 at a.c:1 f+0x1"},
		 {VERDICT_OOPS, NULL, "WARNING: CPU: 1 PID: 77 at a.c:1 g+0x1"},
		 CHANGE_REASON},
		{{VERDICT_HUNG, NULL, "a"},
		 {VERDICT_HUNG, NULL, "b"},
		 CHANGE_SAME},
		{{VERDICT_SKIPPED, NULL, "a"},
		 {VERDICT_SKIPPED, NULL, "b"},
		 CHANGE_UNANSWERED},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		ck_assert_msg(change_judge(DUTY_REFUSE, &vectors[i].old,
					   &vectors[i].new,
					   NULL) == vectors[i].change,
			      "vector %zu", i);
}
END_TEST

START_TEST(reasons_are_compared_without_numbers)
{
	ck_assert(change_same_reason("", ""));
	ck_assert(change_same_reason("after 20 s", "after 7 s"));
	ck_assert(change_same_reason("at 0x1f0", "at 0xdead"));
	ck_assert(!change_same_reason("after 20 s", "after s"));
	ck_assert(!change_same_reason("after 20", "after 20 s"));
	ck_assert(!change_same_reason("raw", "direct"));
	ck_assert(change_same_reason("+0x1", "+0x2"));
	ck_assert(!change_same_reason("f+0x1", "ff+0x1"));
}
END_TEST

START_TEST(duties_are_those_of_the_cell)
{
	ck_assert_int_eq(duty_of("rdma_mr/xfs/admission"), DUTY_REFUSE);
	ck_assert_int_eq(duty_of("rdma_mr/xfs/admission@private"), DUTY_WORK);
	ck_assert_int_eq(duty_of("rdma_mr/tmpfs/admission"), DUTY_WORK);
	ck_assert_int_eq(duty_of("o_direct/xfs/admission"), DUTY_WORK);
	ck_assert_int_eq(duty_of("no_such/xfs/admission"), DUTY_UNKNOWN);
	ck_assert_int_eq(duty_of(""), DUTY_UNKNOWN);
}
END_TEST

START_TEST(every_change_has_a_word)
{
	for (enum change i = 0; i < CHANGE_COUNT; i++)
		ck_assert_ptr_nonnull(change_to_string(i));
}
END_TEST

UNIT_MAIN("change", every_pair_of_verdicts, nothing_is_better_both_ways,
	  unknown_cells_are_judged_strictly, worse_and_better_say_why,
	  a_pin_that_is_refused_is_told_by_the_duty, errno_and_reason,
	  reasons_are_compared_without_numbers, duties_are_those_of_the_cell,
	  every_change_has_a_word)
