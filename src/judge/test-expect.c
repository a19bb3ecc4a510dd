/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of plan/test-tables.c. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/unit.h"
#include "judge/expect.h"

#define LINK " | reason | https://example.org/1\n"

static struct cell_id parse(const char *text)
{
	struct cell_id id = {NULL};

	ck_assert_int_eq(cell_id_parse(text, &id, NULL), 0);
	return id;
}

static struct rule_set rules(const char *text)
{
	struct rule_set set = {NULL};
	struct error error = {""};

	ck_assert_msg(!rule_set_parse(&set, "rules", text, &error), "%s",
		      error.text);
	return set;
}

static enum outcome outcome(struct rule_set *set, const char *cell,
			    const char *release, enum verdict verdict)
{
	struct cell_id id = parse(cell);

	return expect(set, &id, release, verdict, NULL);
}

START_TEST(ranges_match)
{
	static const struct {
		const char *range, *release;
		int result;
	} vectors[] = {
		{"*", "6.1.0-50-amd64", 1},
		{"<6.5", "6.1.0-50-amd64", 1},
		{"<6.5", "6.4.99", 1},
		{"<6.5", "6.5.0", 0},
		{"<6.5", "6.12.95+deb13", 0},
		{">=6.12", "6.12.95", 1},
		{">=6.12", "7.3.4-amd64", 1},
		{">=6.12", "6.11.9", 0},
		{"6.1", "6.1.176", 1},
		{"6.1", "6.10.3", 0},
		{"6.1", "6.12.1", 0},
		{"6", "6.12.1", 1},
		{"5.10..6.1", "5.9.1", 0},
		{"5.10..6.1", "5.10.223", 1},
		{"5.10..6.1", "5.15.3", 1},
		{"5.10..6.1", "6.1.176", 1},
		{"5.10..6.1", "6.2.0", 0},
		{"6.1..6.1.20", "6.1.20-x", 1},
		{"6.1..6.1.20", "6.1.21-x", 0},
		{"<5.10, 6.1 ,>=7", "6.1.3", 1},
		{"<5.10, 6.1 ,>=7", "7.3.4", 1},
		{"<5.10, 6.1 ,>=7", "6.12.1", 0},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		ck_assert_msg(kernel_range_matches(vectors[i].range,
						   vectors[i].release) ==
				      vectors[i].result,
			      "'%s' on %s", vectors[i].range,
			      vectors[i].release);
}
END_TEST

START_TEST(malformed_ranges_are_refused)
{
	static const char *const bad[] = {
		"",	 " ",	   "6.1,",	  ",6.1",      "<",
		">=",	 ">6.1",   "<=6.1",	  "=6.1",      "six",
		"6.",	 ".6",	   "6..",	  "..6",       "6...7",
		"6.1-7", "6.1 7",  "7.0..6.1",	  "6.1,<x",    "*6.1",
		"v6.1",	 "<6.5rc", "6.1..6.2..7", "**",	       "6.1;7",
		"-6",	 "<*",	   "6.1-rc1",	  "<6.5\n,6.x"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(kernel_range_matches(bad[i], "6.1") == -EINVAL,
			      "'%s' matches or not", bad[i]);
	}
	ck_assert_int_eq(kernel_range_matches("6.1,junk", "6.1"), -EINVAL);
}
END_TEST

START_TEST(rules_are_read)
{
	struct rule_set set = rules("# comment | with | bars\n"
				    "\n"
				    "  \t\n"
				    " rdma_mr/*/admission | <6.5 | exposed , "
				    "oops | no check | https://e.org/a?b=c \r\n"
				    "*|*|corrupt|r|l");

	ck_assert_uint_eq(set.count, 2);
	ck_assert_str_eq(set.rules[0].glob, "rdma_mr/*/admission");
	ck_assert_str_eq(set.rules[0].kernels, "<6.5");
	ck_assert_uint_eq(set.rules[0].verdicts,
			  1u << VERDICT_EXPOSED | 1u << VERDICT_OOPS);
	ck_assert_str_eq(set.rules[0].reason, "no check");
	ck_assert_str_eq(set.rules[0].link, "https://e.org/a?b=c");
	ck_assert_str_eq(set.rules[0].origin, "rules:4");
	ck_assert_str_eq(set.rules[1].origin, "rules:5");
	rule_set_done(&set);
	ck_assert_uint_eq(set.count, 0);
}
END_TEST

START_TEST(files_add_up)
{
	struct rule_set set = rules("a | * | oops" LINK);

	ck_assert_int_eq(
		rule_set_parse(&set, "more", "b | * | oops" LINK, NULL), 0);
	ck_assert_uint_eq(set.count, 2);
	ck_assert_str_eq(set.rules[1].origin, "more:1");
	rule_set_done(&set);
}
END_TEST

START_TEST(malformed_rules_name_the_line_and_the_mend)
{
	static const char *const bad[][2] = {
		{"junk",
		 "x:2: 1 fields instead of 5 or 6; write cell glob | kernels | verdicts | reason | link, and behind it | until YYYY-MM-DD if it is to expire"},
		{"a | * | oops | r",
		 "x:2: 4 fields instead of 5 or 6; write cell glob | kernels | verdicts | reason | link, and behind it | until YYYY-MM-DD if it is to expire"},
		{"a | * | oops | r | l | until 2026-01-31 | m",
		 "x:2: 7 fields instead of 5 or 6; write cell glob | kernels | verdicts | reason | link, and behind it | until YYYY-MM-DD if it is to expire"},
		{"a | * | oops |  | l", "x:2: no reason; every rule needs one"},
		{"a | * | oops | r |", "x:2: no link; every rule needs one"},
		{"| * | oops | r | l",
		 "x:2: no cell glob; every rule needs one"},
		{"a | * | | r | l", "x:2: no verdicts; every rule needs one"},
		{"a | 6.x | oops | r | l",
		 "x:2: bad kernels '6.x'; write *, <6.5, >=6.12, 5.10..6.1, "
		 "6.1, or several with commas"},
		{"a | * | ooops | r | l",
		 "x:2: 'ooops' is no verdict; write safe, refused, exposed, "
		 "corrupt or oops"},
		{"a | * | oops, | r | l",
		 "x:2: '' is no verdict; write safe, refused, exposed, corrupt "
		 "or oops"},
		{"a | * | hung | r | l",
		 "x:2: 'hung' is no verdict; write safe, refused, exposed, "
		 "corrupt or oops"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct rule_set set = {NULL};
		struct error error = {""};
		char text[256];

		snprintf(text, sizeof(text), "# first\n%s\n", bad[i][0]);
		ck_assert_int_eq(rule_set_parse(&set, "x", text, &error),
				 -EINVAL);
		ck_assert_str_eq(error.text, bad[i][1]);
		rule_set_done(&set);
	}
}
END_TEST

START_TEST(default_is_invariant_1_and_nothing_bad)
{
	static const struct {
		const char *cell;
		enum verdict verdict;
		enum outcome outcome;
	} vectors[] = {
		{"rdma_mr/ext4/admission", VERDICT_REFUSED,
		 OUTCOME_AS_EXPECTED},
		{"rdma_mr/ext4/admission", VERDICT_SAFE, OUTCOME_UNEXPECTED},
		{"rdma_mr/ext4/admission", VERDICT_EXPOSED, OUTCOME_UNEXPECTED},
		{"rdma_mr/ext4/admission", VERDICT_CORRUPT, OUTCOME_UNEXPECTED},
		{"rdma_mr/ext4/admission", VERDICT_OOPS, OUTCOME_UNEXPECTED},
		{"rdma_mr/ext4/admission@private", VERDICT_SAFE,
		 OUTCOME_AS_EXPECTED},
		{"rdma_mr/ext4/admission@private", VERDICT_REFUSED,
		 OUTCOME_UNEXPECTED},
		{"rdma_mr/tmpfs/admission", VERDICT_SAFE, OUTCOME_AS_EXPECTED},
		{"rdma_mr/tmpfs/admission", VERDICT_REFUSED,
		 OUTCOME_UNEXPECTED},
		{"o_direct/xfs/reflink_while_pinned", VERDICT_CORRUPT,
		 OUTCOME_UNEXPECTED},
	};
	struct rule_set none = {NULL};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		ck_assert_msg(outcome(NULL, vectors[i].cell, "6.1",
				      vectors[i].verdict) == vectors[i].outcome,
			      "vector %zu", i);
		ck_assert_msg(outcome(&none, vectors[i].cell, "6.1",
				      vectors[i].verdict) == vectors[i].outcome,
			      "vector %zu", i);
	}
}
END_TEST

START_TEST(rules_excuse_what_they_list)
{
	static const struct {
		enum verdict verdict;
		enum outcome outcome;
	} vectors[] = {
		{VERDICT_SAFE, OUTCOME_FIXED},
		{VERDICT_REFUSED, OUTCOME_UNEXPECTED},
		{VERDICT_EXPOSED, OUTCOME_UNEXPECTED},
		{VERDICT_CORRUPT, OUTCOME_KNOWN_ISSUE},
		{VERDICT_OOPS, OUTCOME_UNEXPECTED},
	};
	const char *cell = "o_direct/xfs/reflink_while_pinned";

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct rule_set set = rules("o_direct/xfs | * | corrupt" LINK);

		ck_assert_msg(outcome(&set, cell, "6.12", vectors[i].verdict) ==
				      vectors[i].outcome,
			      "verdict %s",
			      verdict_to_string(vectors[i].verdict));
		ck_assert_uint_eq(set.rules[0].matched, 1);
		ck_assert_uint_eq(set.rules[0].better,
				  vectors[i].outcome == OUTCOME_FIXED);
		rule_set_done(&set);
	}
}
END_TEST

START_TEST(better_but_still_bad_is_unexpected)
{
	struct rule_set set = rules("* | * | oops" LINK);

	ck_assert_uint_eq(outcome(&set, "o_direct/xfs/reflink_while_pinned",
				  "6.1", VERDICT_CORRUPT),
			  OUTCOME_UNEXPECTED);
	ck_assert_uint_eq(set.rules[0].better, 0);
	rule_set_done(&set);
}
END_TEST

START_TEST(refusal_fixes_what_was_exposed)
{
	struct rule_set set = rules("rdma_mr/*/admission | * | exposed" LINK);

	ck_assert_uint_eq(
		outcome(&set, "rdma_mr/ext4/admission", "6.1", VERDICT_EXPOSED),
		OUTCOME_KNOWN_ISSUE);
	ck_assert_uint_eq(
		outcome(&set, "rdma_mr/ext4/admission", "6.1", VERDICT_REFUSED),
		OUTCOME_FIXED);
	/* safe is not what that cell owes: a pin was taken */
	ck_assert_uint_eq(
		outcome(&set, "rdma_mr/ext4/admission", "6.1", VERDICT_SAFE),
		OUTCOME_UNEXPECTED);
	rule_set_done(&set);
}
END_TEST

START_TEST(needless_refusals_can_be_known)
{
	struct rule_set set = rules("*@private | <6.5 | refused" LINK);
	const char *cell = "rdma_mr/ext4/admission@private";

	ck_assert_uint_eq(outcome(&set, cell, "6.1", VERDICT_REFUSED),
			  OUTCOME_KNOWN_ISSUE);
	ck_assert_uint_eq(outcome(&set, cell, "6.1", VERDICT_SAFE),
			  OUTCOME_FIXED);
	ck_assert_uint_eq(outcome(&set, cell, "6.12", VERDICT_REFUSED),
			  OUTCOME_UNEXPECTED);
	rule_set_done(&set);
}
END_TEST

START_TEST(listed_default_is_no_issue)
{
	struct rule_set set = rules("* | * | safe, corrupt" LINK);

	ck_assert_uint_eq(
		outcome(&set, "o_direct/tmpfs/admission", "6.1", VERDICT_SAFE),
		OUTCOME_AS_EXPECTED);
	ck_assert_uint_eq(set.rules[0].better, 0);
	rule_set_done(&set);
}
END_TEST

START_TEST(first_matching_rule_wins)
{
	struct rule_set set =
		rules("*/xfs | <6.5 | oops" LINK "*/xfs | * | corrupt" LINK);
	struct cell_id id = parse("o_direct/xfs/admission");
	const struct rule *rule = NULL;

	ck_assert_uint_eq(expect(&set, &id, "6.1", VERDICT_CORRUPT, &rule),
			  OUTCOME_UNEXPECTED);
	ck_assert_ptr_eq(rule, &set.rules[0]);
	ck_assert_uint_eq(expect(&set, &id, "6.12", VERDICT_CORRUPT, &rule),
			  OUTCOME_KNOWN_ISSUE);
	ck_assert_ptr_eq(rule, &set.rules[1]);
	id = parse("o_direct/ext4/admission");
	ck_assert_uint_eq(expect(&set, &id, "6.12", VERDICT_CORRUPT, &rule),
			  OUTCOME_UNEXPECTED);
	ck_assert_ptr_null(rule);
	rule_set_done(&set);
}
END_TEST

START_TEST(nothing_excuses_a_missing_answer)
{
	struct rule_set set = rules("* | * | safe,refused,exposed,corrupt,"
				    "oops" LINK);
	struct cell_id id = parse("o_direct/xfs/admission");

	for (enum verdict i = VERDICT_SKIPPED; i < VERDICT_COUNT; i++) {
		const struct rule *rule = set.rules;

		ck_assert_uint_eq(expect(&set, &id, "6.1", i, &rule),
				  OUTCOME_NONE);
		ck_assert_ptr_null(rule);
	}
	ck_assert_uint_eq(set.rules[0].matched, 4);
	rule_set_done(&set);
}
END_TEST

START_TEST(days_that_are_none_are_refused)
{
	static const char *const bad[] = {
		"",
		"never",
		"2026-01-31",
		"until",
		"until 7.5",
		"until 2026",
		"until 2026-1-31",
		"until 2026-01-32",
		"until 2026-00-10",
		"until 2026-13-10",
		"until 2026-01-00",
		"until 2026-02-29",
		"until 1900-02-29",
		"until 2026/01/31",
		"until 2026-01-31x",
		"until  2026-01-31",
		"until 12026-01-31",
		"till 2026-01-31",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct rule_set set = {NULL};
		struct error error = {""};
		char text[64], message[128];

		snprintf(text, sizeof(text), "a|*|oops|r|l|%s", bad[i]);
		snprintf(message, sizeof(message),
			 "x:1: bad end '%s'; write until YYYY-MM-DD", bad[i]);
		ck_assert_int_eq(rule_set_parse(&set, "x", text, &error),
				 -EINVAL);
		ck_assert_str_eq(error.text, message);
		ck_assert_uint_eq(set.count, 0);
		rule_set_done(&set);
	}
}
END_TEST

START_TEST(days_end_rules)
{
	static const struct {
		const char *until, *today;
		enum outcome outcome;
	} vectors[] = {
		{"2026-01-31", "2026-01-30", OUTCOME_KNOWN_ISSUE},
		{"2026-01-31", "2026-01-31", OUTCOME_KNOWN_ISSUE},
		{"2026-01-31", "2026-02-01", OUTCOME_UNEXPECTED},
		{"2025-12-31", "2026-01-01", OUTCOME_UNEXPECTED},
		{"2000-02-29", "2000-03-01", OUTCOME_UNEXPECTED},
		{"2024-02-29", "2024-02-28", OUTCOME_KNOWN_ISSUE},
		/* no day was handed in */
		{"2000-01-01", "", OUTCOME_KNOWN_ISSUE},
	};
	const char *cell = "o_direct/xfs/reflink_while_pinned";

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct rule_set set = {NULL};
		char text[128];

		snprintf(text, sizeof(text),
			 "o_direct/xfs|*|corrupt|r|l| until %s ",
			 vectors[i].until);
		ck_assert_int_eq(rule_set_parse(&set, "x", text, NULL), 0);
		strcpy(set.today, vectors[i].today);
		ck_assert_str_eq(set.rules[0].until, vectors[i].until);
		ck_assert_msg(outcome(&set, cell, "6.1", VERDICT_CORRUPT) ==
				      vectors[i].outcome,
			      "vector %zu", i);
		/* it still covers the cell */
		ck_assert_uint_eq(outcome(&set, cell, "6.1", VERDICT_SAFE),
				  OUTCOME_FIXED);
		rule_set_done(&set);
	}
}
END_TEST

static void assert_told(const struct rule_set *set, enum verdict verdict,
			enum outcome outcome, const char *text)
{
	char *told = rule_tell(set, set->rules, verdict, outcome);

	ck_assert_str_eq(told, text);
	free(told);
}

START_TEST(rules_tell_why_they_excuse_nothing)
{
	struct rule_set set = rules("a | * | corrupt | r | l | until "
				    "2026-01-31");

	assert_told(&set, VERDICT_CORRUPT, OUTCOME_KNOWN_ISSUE, "r (l)");
	assert_told(&set, VERDICT_SAFE, OUTCOME_FIXED, "r (l)");
	assert_told(&set, VERDICT_OOPS, OUTCOME_UNEXPECTED,
		    "r (l); the rule does not list oops");
	strcpy(set.today, "2026-02-01");
	assert_told(&set, VERDICT_CORRUPT, OUTCOME_UNEXPECTED,
		    "r (l); the rule expired on 2026-01-31");
	assert_told(&set, VERDICT_OOPS, OUTCOME_UNEXPECTED,
		    "r (l); the rule does not list oops");
	rule_set_done(&set);
}
END_TEST

START_TEST(rules_of_no_use)
{
	struct rule_set set =
		rules("o_direct/xfs | <6.5 | oops" LINK
		      "o_direct/xfs/admission | <6.5 | corrupt" LINK
		      "o_direct/xfs/admission | >=6.5 | corrupt" LINK
		      "o_direct | * | corrupt" LINK
		      "o_direct/xfs/admission | 6.12 | corrupt" LINK
		      "no_such | * | corrupt" LINK "*/xfs | * | oops" LINK);
	static const enum rule_use uses[] = {
		RULE_USEFUL,   RULE_SHADOWED, RULE_USEFUL, RULE_USEFUL,
		RULE_SHADOWED, RULE_DEAD,     RULE_USEFUL,
	};

	for (size_t i = 0; i < set.count; i++)
		ck_assert_msg(rule_use(&set, i) == uses[i], "rule %zu", i);
	rule_set_done(&set);
}
END_TEST

/* For every verdict it says what expect() will say, and counts nothing */
START_TEST(unexpected_ones_are_known_before)
{
	struct rule_set set = rules("o_direct/xfs | * | corrupt" LINK
				    "vmsplice/ext4 | * | safe,oops" LINK
				    "rdma_mr/xfs | * | exposed" LINK);
	static const char *const ids[] = {
		"o_direct/xfs/reflink_while_pinned",
		"o_direct/ext4/fsync_while_pinned",
		"vmsplice/ext4/admission",
		"rdma_mr/xfs/admission",
		"rdma_mr/ext4/admission",
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct cell_id id = parse(ids[i]);
		uint32_t bits = expect_not(&set, &id, "6.12.1");

		ck_assert_uint_eq(set.rules[0].matched, 0);
		ck_assert_uint_eq(bits, expect_not(&set, &id, "6.12.1"));
		for (enum verdict v = 0; verdict_is_answer(v); v++) {
			struct rule_set copy = set;
			struct rule copies[3];

			memcpy(copies, set.rules, sizeof(copies));
			copy.rules = copies;
			ck_assert_int_eq(!!(bits & 1u << v),
					 expect(&copy, &id, "6.12.1", v,
						NULL) == OUTCOME_UNEXPECTED);
		}
		ck_assert_uint_eq(bits >> VERDICT_SKIPPED, 0);
	}
	ck_assert_uint_eq(set.rules[0].matched + set.rules[1].better, 0);
	rule_set_done(&set);
}
END_TEST

UNIT_MAIN("expect", unexpected_ones_are_known_before,
	  days_that_are_none_are_refused, days_end_rules,
	  rules_tell_why_they_excuse_nothing, rules_of_no_use, ranges_match,
	  malformed_ranges_are_refused, rules_are_read, files_add_up,
	  malformed_rules_name_the_line_and_the_mend,
	  default_is_invariant_1_and_nothing_bad, rules_excuse_what_they_list,
	  better_but_still_bad_is_unexpected, refusal_fixes_what_was_exposed,
	  needless_refusals_can_be_known, listed_default_is_no_issue,
	  first_matching_rule_wins, nothing_excuses_a_missing_answer)
