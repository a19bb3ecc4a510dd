/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of plan/test-tables.c. */

#include <string.h>

#include "base/unit.h"
#include "judge/bisect.h"

#define ANSWER(verdict_, error_, reason_, outcome_)                            \
	((struct bisect_answer){.side = {VERDICT_##verdict_, error_, reason_}, \
				.outcome = OUTCOME_##outcome_})

static const struct bisect_rule worse;
static const struct bisect_rule change = {.either_way = true};

/* What tells ends apart whose answers differ in a promise to be refused. */
START_TEST(what_is_looked_for)
{
	struct bisect_answer refused =
		ANSWER(REFUSED, "EFAULT", "", AS_EXPECTED);
	struct bisect_answer other =
		ANSWER(REFUSED, "EOPNOTSUPP", "", AS_EXPECTED);
	struct bisect_answer exposed = ANSWER(EXPOSED, NULL, "", UNEXPECTED);
	struct bisect_answer skipped = ANSWER(SKIPPED, NULL, "", NONE);

	ck_assert(bisect_looked_for(&worse, DUTY_REFUSE, &refused, &exposed));
	ck_assert(!bisect_looked_for(&worse, DUTY_REFUSE, &exposed, &refused));
	ck_assert(!bisect_looked_for(&worse, DUTY_REFUSE, &refused, &refused));
	ck_assert(!bisect_looked_for(&worse, DUTY_REFUSE, &exposed, &exposed));
	ck_assert(!bisect_looked_for(&worse, DUTY_REFUSE, &refused, &other));
	ck_assert(!bisect_looked_for(&worse, DUTY_REFUSE, &skipped, &exposed));
	ck_assert(!bisect_looked_for(&worse, DUTY_REFUSE, &refused, &skipped));

	ck_assert(bisect_looked_for(&change, DUTY_REFUSE, &exposed, &refused));
	ck_assert(bisect_looked_for(&change, DUTY_REFUSE, &refused, &other));
	ck_assert(!bisect_looked_for(&change, DUTY_REFUSE, &refused, &refused));
	ck_assert(!bisect_looked_for(&change, DUTY_REFUSE, &skipped, &refused));
}
END_TEST

static enum bisect_step between(const struct bisect_rule *rule,
				struct bisect_answer step)
{
	struct bisect_answer good = ANSWER(REFUSED, "EFAULT", "", AS_EXPECTED);
	struct bisect_answer bad =
		ANSWER(EXPOSED, NULL, "accepted", UNEXPECTED);

	return bisect_judge(rule, DUTY_REFUSE, &good, &bad, &step, NULL);
}

START_TEST(another_failure_says_nothing)
{
	ck_assert_int_eq(
		between(&worse, ANSWER(EXPOSED, NULL, "accepted", NONE)),
		BISECT_BAD);
	ck_assert_int_eq(between(&worse, ANSWER(REFUSED, "EFAULT", "", NONE)),
			 BISECT_GOOD);
	/* an errno of its own breaks nothing */
	ck_assert_int_eq(between(&worse, ANSWER(REFUSED, "EINVAL", "", NONE)),
			 BISECT_GOOD);
	ck_assert_int_eq(between(&change, ANSWER(REFUSED, "EINVAL", "", NONE)),
			 BISECT_CANNOT_TELL);
	ck_assert_int_eq(between(&worse, ANSWER(CORRUPT, NULL, "lost", NONE)),
			 BISECT_CANNOT_TELL);
	ck_assert_int_eq(between(&worse, ANSWER(OOPS, NULL, "WARN", NONE)),
			 BISECT_CANNOT_TELL);
	ck_assert_int_eq(between(&worse, ANSWER(SKIPPED, NULL, "", NONE)),
			 BISECT_CANNOT_TELL);
	ck_assert_int_eq(between(&worse, ANSWER(BROKEN, NULL, "", NONE)),
			 BISECT_CANNOT_TELL);
	ck_assert_int_eq(between(&worse, ANSWER(VANISHED, NULL, "", NONE)),
			 BISECT_CANNOT_TELL);
}
END_TEST

/* The same word for another reason is another failure. */
START_TEST(an_oops_is_known_by_its_function)
{
	struct bisect_answer good = ANSWER(SAFE, NULL, "", AS_EXPECTED);
	struct bisect_answer bad =
		ANSWER(OOPS, NULL, "BUG: NULL at foo+0x28/0x30", UNEXPECTED);
	struct bisect_answer same =
		ANSWER(OOPS, NULL, "BUG: NULL at foo+0x2c/0x34", UNEXPECTED);
	struct bisect_answer other =
		ANSWER(OOPS, NULL, "BUG: NULL at bar+0x28/0x30", UNEXPECTED);
	const char *why;

	ck_assert_int_eq(
		bisect_judge(&worse, DUTY_WORK, &good, &bad, &same, &why),
		BISECT_BAD);
	ck_assert_ptr_null(why);
	ck_assert_int_eq(
		bisect_judge(&worse, DUTY_WORK, &good, &bad, &other, &why),
		BISECT_CANNOT_TELL);
	ck_assert_str_eq(why, "it is not what is looked for");
}
END_TEST

START_TEST(a_lost_kernel_is_what_the_user_says)
{
	struct bisect_answer good = ANSWER(SAFE, NULL, "", AS_EXPECTED);
	struct bisect_answer oops = ANSWER(OOPS, NULL, "BUG", UNEXPECTED);
	struct bisect_answer corrupt = ANSWER(CORRUPT, NULL, "", UNEXPECTED);
	struct bisect_answer lost = ANSWER(VANISHED, NULL, "", NONE);
	static const struct {
		enum lost lost;
		enum bisect_step oops, corrupt;
	} table[] = {
		{LOST_AUTO, BISECT_BAD, BISECT_CANNOT_TELL},
		{LOST_SKIP, BISECT_CANNOT_TELL, BISECT_CANNOT_TELL},
		{LOST_BAD, BISECT_BAD, BISECT_BAD},
		{LOST_ABORT, BISECT_ABORT, BISECT_ABORT},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct bisect_rule rule = {.lost = table[i].lost};

		ck_assert_int_eq(bisect_judge(&rule, DUTY_WORK, &good, &oops,
					      &lost, NULL),
				 table[i].oops);
		ck_assert_int_eq(bisect_judge(&rule, DUTY_WORK, &good, &corrupt,
					      &lost, NULL),
				 table[i].corrupt);
	}
	/* where it is what is looked for, it is no loss */
	ck_assert(bisect_looked_for(&worse, DUTY_WORK, &good, &lost));
	ck_assert_int_eq(
		bisect_judge(&worse, DUTY_WORK, &good, &lost, &lost, NULL),
		BISECT_BAD);
}
END_TEST

START_TEST(conditions_stand_above_the_ends)
{
	struct conditions good_when, bad_when;
	struct bisect_rule rule = {&good_when, &bad_when, LOST_AUTO, false};
	struct bisect_answer fixed = ANSWER(REFUSED, "EFAULT", "", AS_EXPECTED);
	struct bisect_answer wrong =
		ANSWER(EXPOSED, NULL, "accepted", UNEXPECTED);
	struct bisect_answer other = ANSWER(REFUSED, "EPERM", "", AS_EXPECTED);

	ck_assert_int_eq(conditions_parse("exposed,corrupt", &good_when, NULL),
			 0);
	ck_assert_int_eq(conditions_parse("refused=EFAULT", &bad_when, NULL),
			 0);
	/* in reverse: when was it mended */
	ck_assert(bisect_looked_for(&rule, DUTY_REFUSE, &wrong, &fixed));
	ck_assert(!bisect_looked_for(&rule, DUTY_REFUSE, &fixed, &wrong));
	ck_assert(!bisect_looked_for(&rule, DUTY_REFUSE, &wrong, &other));
	/* the ends need not be known */
	ck_assert_int_eq(
		bisect_judge(&rule, DUTY_REFUSE, NULL, NULL, &fixed, NULL),
		BISECT_BAD);
	ck_assert_int_eq(
		bisect_judge(&rule, DUTY_REFUSE, NULL, NULL, &wrong, NULL),
		BISECT_GOOD);
	ck_assert_int_eq(
		bisect_judge(&rule, DUTY_REFUSE, NULL, NULL, &other, NULL),
		BISECT_CANNOT_TELL);
	/* the other one is as its end is */
	rule.good_when = NULL;
	ck_assert_int_eq(
		bisect_judge(&rule, DUTY_REFUSE, &wrong, &fixed, &wrong, NULL),
		BISECT_GOOD);
	conditions_done(&good_when);
	conditions_done(&bad_when);
}
END_TEST

static bool matches(const char *text, struct bisect_answer answer)
{
	struct conditions conditions;
	bool result;

	ck_assert_int_eq(conditions_parse(text, &conditions, NULL), 0);
	result = conditions_match(&conditions, &answer.side, answer.outcome);
	conditions_done(&conditions);
	return result;
}

START_TEST(conditions_have_words_errnos_and_texts)
{
	struct bisect_answer oops =
		ANSWER(OOPS, NULL, "WARNING at ext4_writepages", UNEXPECTED);
	struct bisect_answer refused =
		ANSWER(REFUSED, "EFAULT", "", KNOWN_ISSUE);

	ck_assert(matches("oops", oops));
	ck_assert(matches("safe,oops~ext4_write", oops));
	ck_assert(matches("unexpected", oops));
	ck_assert(matches("unexpected~WARN", oops));
	ck_assert(!matches("oops~xfs", oops));
	ck_assert(!matches("oops=EIO", oops));
	ck_assert(!matches("as-expected,known-issue", oops));
	ck_assert(matches("refused=EFAULT", refused));
	ck_assert(matches("as-expected,known-issue", refused));
	ck_assert(!matches("refused=EINVAL", refused));
}
END_TEST

START_TEST(wrong_conditions_are_named)
{
	static const struct {
		const char *text, *line;
	} table[] = {
		{"", ": no verdict"},
		{"bad", "bad: no verdict"},
		{"none", "none: no verdict"},
		{"exposed,", ": no verdict"},
		{"skipped", "skipped: says nothing"},
		{"broken~x", "broken: says nothing"},
		{"refused=", ": no errno"},
		{"refused=ENOSUCH", "ENOSUCH: no errno"},
		{"safe,safe,safe,safe,safe,safe,safe,safe,safe,safe,safe,safe,"
		 "safe,safe,safe,safe,safe",
		 "no more than 16"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct conditions conditions;
		struct error error = {""};

		ck_assert_int_lt(
			conditions_parse(table[i].text, &conditions, &error),
			0);
		ck_assert_msg(strstr(error.text, table[i].line), "%s",
			      error.text);
		ck_assert_ptr_null(conditions.copy);
	}
}
END_TEST

START_TEST(repeats_follow_the_rate)
{
	ck_assert_uint_eq(bisect_repeats(3, 3, 0.99), 1);
	ck_assert_uint_eq(bisect_repeats(1, 2, 0.99), 7);
	ck_assert_uint_eq(bisect_repeats(1, 2, 0.5), 1);
	ck_assert_uint_eq(bisect_repeats(1, 10, 0.99), 44);
	ck_assert_uint_eq(bisect_repeats(9, 10, 0.99), 2);
}
END_TEST

START_TEST(words_of_lost)
{
	enum lost lost;

	ck_assert_int_eq(lost_from_string("abort", &lost), 0);
	ck_assert_int_eq(lost, LOST_ABORT);
	ck_assert_int_lt(lost_from_string("", &lost), 0);
	ck_assert_int_lt(lost_from_string("good", &lost), 0);
}
END_TEST

UNIT_MAIN("bisect", what_is_looked_for, another_failure_says_nothing,
	  an_oops_is_known_by_its_function, a_lost_kernel_is_what_the_user_says,
	  conditions_stand_above_the_ends,
	  conditions_have_words_errnos_and_texts, wrong_conditions_are_named,
	  repeats_follow_the_rate, words_of_lost)
