/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What becomes of a verdict, and of a name, in formats that know pass and fail.
 */

#include <errno.h>
#include <string.h>

#include "base/unit.h"
#include "report/results.h"
#include "report/sections.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

START_TEST(every_result_stands_in_one_section)
{
	for (enum result result = 0; result < RESULT_COUNT; result++) {
		const struct result_entry entry = {.result = result};
		size_t count = 0;

		for (const struct section *at = sections; at->title; at++)
			count += section_has(at, &entry);
		ck_assert_uint_eq(count, 1);
	}
}
END_TEST

/* These runs own nothing, and nobody writes to them. */
static char *borrow(const char *text)
{
	return (char *)text;
}

/* A run in memory: two kernels, of which @untrusted has a bad canary. */
static struct run run_of(struct record *records, size_t count,
			 struct run_kernel kernels[2], bool untrusted)
{
	kernels[0] = (struct run_kernel){
		.release = borrow("6.1"),
		.canary_seen = true,
		.canary = untrusted ? VERDICT_SAFE : VERDICT_CORRUPT,
		.canary_reason = borrow("canary"),
		.finished = true,
	};
	kernels[1] = kernels[0];
	kernels[1].release = borrow("6.12");
	kernels[1].canary = VERDICT_CORRUPT;
	return (struct run){
		.version = borrow("0"),
		.kernels = kernels,
		.kernel_count = 2,
		.records = records,
		.record_count = count,
	};
}

static enum result result_for(enum verdict verdict, enum outcome outcome,
			      bool finished, bool strict, bool untrusted)
{
	struct record record = {
		.id = borrow("m/f/s"),
		.kernel = borrow("6.1"),
		.started = finished,
		.finished = finished,
		.verdict = verdict,
		.outcome = outcome,
		.reason = borrow("reason"),
	};
	struct run_kernel kernels[2];
	struct run run = run_of(&record, 1, kernels, untrusted);
	struct results results;
	enum result result;

	ck_assert_int_eq(
		results_build(&results, &run, &name_style_lines, strict), 0);
	ck_assert_uint_eq(results.count, 1 + untrusted);
	result = results.list[0].result;
	/* the exit code and the result agree on what is bad */
	if (result_is_good(result))
		ck_assert(!record_is_failure(&record, strict));
	if (record_is_failure(&record, strict))
		ck_assert(!result_is_good(result) && result != RESULT_SKIP);
	results_done(&results);
	return result;
}

START_TEST(no_verdict_is_never_good)
{
	for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++)
		for (enum outcome outcome = 0; outcome < OUTCOME_COUNT;
		     outcome++)
			for (int bits = 0; bits < 8; bits++) {
				enum result result =
					result_for(verdict, outcome, bits & 1,
						   bits & 2, bits & 4);

				if (!verdict_is_answer(verdict) || bits & 4)
					ck_assert(!result_is_good(result));
			}
}
END_TEST

START_TEST(results_are_as_documented)
{
	static const struct {
		enum verdict verdict;
		enum outcome outcome;
		bool finished, strict, untrusted;
		enum result expected;
	} vectors[] = {
		{VERDICT_SAFE, OUTCOME_AS_EXPECTED, true, false, false,
		 RESULT_PASS},
		{VERDICT_SAFE, OUTCOME_AS_EXPECTED, true, false, true,
		 RESULT_UNTRUSTED},
		{VERDICT_SAFE, OUTCOME_FIXED, true, true, false, RESULT_FIXED},
		{VERDICT_SAFE, OUTCOME_NONE, true, false, false, RESULT_FAIL},
		{VERDICT_REFUSED, OUTCOME_UNEXPECTED, true, false, false,
		 RESULT_FAIL},
		{VERDICT_CORRUPT, OUTCOME_KNOWN_ISSUE, true, false, false,
		 RESULT_KNOWN},
		{VERDICT_CORRUPT, OUTCOME_KNOWN_ISSUE, true, true, false,
		 RESULT_FAIL},
		{VERDICT_OOPS, OUTCOME_UNEXPECTED, true, false, true,
		 RESULT_FAIL},
		{VERDICT_SKIPPED, OUTCOME_NONE, true, false, false,
		 RESULT_SKIP},
		{VERDICT_SKIPPED, OUTCOME_NONE, true, false, true, RESULT_SKIP},
		{VERDICT_SKIPPED, OUTCOME_NONE, false, false, false,
		 RESULT_NOT_RUN},
		{VERDICT_BROKEN, OUTCOME_NONE, true, false, false,
		 RESULT_BROKEN},
		{VERDICT_HUNG, OUTCOME_NONE, true, false, false, RESULT_HUNG},
		{VERDICT_VANISHED, OUTCOME_NONE, false, false, false,
		 RESULT_VANISHED},
	};

	for (size_t i = 0; i < LENGTH(vectors); i++)
		ck_assert_int_eq(
			result_for(vectors[i].verdict, vectors[i].outcome,
				   vectors[i].finished, vectors[i].strict,
				   vectors[i].untrusted),
			vectors[i].expected);
}
END_TEST

START_TEST(names_are_unique_and_plain)
{
	static const char *const ids[] = {
		"a b/c/d",	"a_b/c/d", "a_b/c/d~2", "a#b/c/d",
		"rdma/xfs/s@v", "",	   "\xff\n"};
	static const char *const expected[] = {
		"a_b/c/d [6.1]",   "a_b/c/d [6.1]~2",	 "a_b/c/d_2 [6.1]",
		"a_b/c/d [6.1]~3", "rdma/xfs/s@v [6.1]", " [6.1]",
		"__ [6.1]",
	};
	struct record records[LENGTH(ids)];
	struct run_kernel kernels[2];
	struct results results;
	struct run run;

	for (size_t i = 0; i < LENGTH(ids); i++)
		records[i] = (struct record){.id = borrow(ids[i]),
					     .kernel = borrow("6.1"),
					     .reason = borrow("")};
	run = run_of(records, LENGTH(ids), kernels, false);
	ck_assert_int_eq(
		results_build(&results, &run, &name_style_lines, false), 0);
	for (size_t i = 0; i < LENGTH(ids); i++)
		ck_assert_str_eq(results.list[i].name, expected[i]);
	results_done(&results);

	records[0].kernel = borrow("5.10");
	ck_assert_int_eq(
		results_build(&results, &run, &name_style_lines, false),
		-EINVAL);
	results_done(&results);
}
END_TEST

/* Names with a suffix that is there already: longer until they are unique. */
START_TEST(names_stay_unique_with_suffixes)
{
	static const struct name_style style = {
		.slash = '-', .at = '-', .again = '-', .release = ""};
	static const char *const ids[] = {"a", "a-2", "a@2", "a/2", "a-2-2"};
	struct record records[LENGTH(ids)];
	struct run_kernel kernels[2];
	struct results results;
	struct run run;

	for (size_t i = 0; i < LENGTH(ids); i++)
		records[i] = (struct record){.id = borrow(ids[i]),
					     .kernel = borrow("6.1"),
					     .reason = borrow("")};
	run = run_of(records, LENGTH(ids), kernels, false);
	run.kernel_count = 1;
	ck_assert_int_eq(results_build(&results, &run, &style, false), 0);
	for (size_t i = 0; i < LENGTH(ids); i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(results.list[i].name,
					 results.list[k].name);
	ck_assert_str_eq(results.list[0].name, "a");
	ck_assert_str_eq(results.list[1].name, "a-2");
	results_done(&results);
}
END_TEST

UNIT_MAIN("results", every_result_stands_in_one_section,
	  no_verdict_is_never_good, results_are_as_documented,
	  names_are_unique_and_plain, names_stay_unique_with_suffixes)
