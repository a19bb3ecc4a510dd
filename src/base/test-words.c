/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <gupcheck/fact.h>
#include <gupcheck/verdict.h>

#include "base/unit.h"

START_TEST(verdicts_round_trip)
{
	for (unsigned int i = 0; i < VERDICT_COUNT; i++) {
		const char *word = verdict_to_string(i);
		enum verdict back = VERDICT_COUNT;

		ck_assert_ptr_nonnull(word);
		ck_assert_int_eq(verdict_from_string(word, &back), 0);
		ck_assert_uint_eq(back, i);
	}
	ck_assert_ptr_null(verdict_to_string(VERDICT_COUNT));
}
END_TEST

START_TEST(outcomes_round_trip)
{
	for (unsigned int i = 0; i < OUTCOME_COUNT; i++) {
		const char *word = outcome_to_string(i);
		enum outcome back = OUTCOME_COUNT;

		ck_assert_ptr_nonnull(word);
		ck_assert_int_eq(outcome_from_string(word, &back), 0);
		ck_assert_uint_eq(back, i);
	}
	ck_assert_ptr_null(outcome_to_string(OUTCOME_COUNT));
}
END_TEST

START_TEST(fact_kinds_round_trip)
{
	for (unsigned int i = 0; i < FACT_COUNT; i++) {
		const char *word = fact_kind_to_string(i);
		enum fact_kind back = FACT_COUNT;

		ck_assert_ptr_nonnull(word);
		ck_assert_int_eq(fact_kind_from_string(word, &back), 0);
		ck_assert_uint_eq(back, i);
	}
	ck_assert_ptr_null(fact_kind_to_string(FACT_COUNT));
}
END_TEST

START_TEST(views_have_words_of_their_own)
{
	static const unsigned int views[] = {VIEW_CACHED, VIEW_DIRECT, VIEW_RAW,
					     VIEW_MAPPED, VIEW_DEVICE};

	for (size_t i = 0; i < 5; i++) {
		ck_assert_str_ne(view_to_string(views[i]), "");
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(view_to_string(views[i]),
					 view_to_string(views[j]));
	}
	ck_assert_str_eq(view_to_string(0), "");
	ck_assert_str_eq(view_to_string(VIEW_CACHED | VIEW_RAW), "");
}
END_TEST

START_TEST(unknown_words_leave_the_result_alone)
{
	enum verdict verdict = VERDICT_HUNG;
	enum outcome outcome = OUTCOME_FIXED;
	enum fact_kind kind = FACT_NOTE;

	ck_assert_int_eq(verdict_from_string("Safe", &verdict), -EINVAL);
	ck_assert_uint_eq(verdict, VERDICT_HUNG);
	ck_assert_int_eq(outcome_from_string("", &outcome), -EINVAL);
	ck_assert_uint_eq(outcome, OUTCOME_FIXED);
	ck_assert_int_eq(fact_kind_from_string("steps", &kind), -EINVAL);
	ck_assert_uint_eq(kind, FACT_NOTE);
}
END_TEST

UNIT_MAIN("words", verdicts_round_trip, outcomes_round_trip,
	  fact_kinds_round_trip, views_have_words_of_their_own,
	  unknown_words_leave_the_result_alone)
