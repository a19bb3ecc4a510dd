/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "runner/demands.h"
#include "runner/record.h"

static char release[] = "6.1", other[] = "7.3", id_a[] = "a", id_b[] = "b",
	    id_cell[] = "m/f/s", reason[] = "";

static struct record make(char *id, enum verdict verdict, enum outcome outcome)
{
	return (struct record){
		.id = id,
		.kernel = release,
		.started = true,
		.finished = true,
		.verdict = verdict,
		.outcome = outcome,
		.reason = reason,
	};
}

static const struct run_kernel good_kernel = {
	.release = release,
	.canary_seen = true,
	.canary = VERDICT_CORRUPT,
	.finished = true,
};

/* Exit code of a run of @kernel with these records. */
static int exit_code(struct run_kernel kernel, struct record *records,
		     size_t count, bool strict)
{
	struct run run = {
		.kernels = &kernel,
		.kernel_count = 1,
		.records = records,
		.record_count = count,
	};

	return run_exit_code(&run, strict);
}

START_TEST(one_cell_decides)
{
	static const struct {
		enum verdict verdict;
		enum outcome outcome;
		int lenient, strict;
	} vectors[] = {
		{VERDICT_SAFE, OUTCOME_AS_EXPECTED, 0, 0},
		{VERDICT_REFUSED, OUTCOME_AS_EXPECTED, 0, 0},
		{VERDICT_REFUSED, OUTCOME_FIXED, 0, 0},
		{VERDICT_CORRUPT, OUTCOME_KNOWN_ISSUE, 0, 1},
		{VERDICT_SAFE, OUTCOME_UNEXPECTED, 1, 1},
		{VERDICT_EXPOSED, OUTCOME_UNEXPECTED, 1, 1},
		{VERDICT_OOPS, OUTCOME_UNEXPECTED, 1, 1},
		{VERDICT_SAFE, OUTCOME_NONE, 1, 1},
		{VERDICT_SKIPPED, OUTCOME_NONE, 77, 77},
		{VERDICT_BROKEN, OUTCOME_NONE, 99, 99},
		{VERDICT_HUNG, OUTCOME_NONE, 1, 1},
		{VERDICT_VANISHED, OUTCOME_NONE, 1, 1},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct record record =
			make(id_a, vectors[i].verdict, vectors[i].outcome);

		ck_assert_msg(exit_code(good_kernel, &record, 1, false) ==
				      vectors[i].lenient,
			      "vector %zu", i);
		ck_assert_msg(exit_code(good_kernel, &record, 1, true) ==
				      vectors[i].strict,
			      "vector %zu, strict", i);
	}
}
END_TEST

START_TEST(worse_of_two_cells_decides)
{
	struct record records[] = {
		make(id_a, VERDICT_SAFE, OUTCOME_AS_EXPECTED),
		make(id_b, VERDICT_SKIPPED, OUTCOME_NONE),
	};

	ck_assert_int_eq(exit_code(good_kernel, records, 2, false), 0);
	records[1].verdict = VERDICT_BROKEN;
	ck_assert_int_eq(exit_code(good_kernel, records, 2, false), 99);
	records[0].outcome = OUTCOME_UNEXPECTED;
	ck_assert_int_eq(exit_code(good_kernel, records, 2, false), 1);
}
END_TEST

START_TEST(what_never_ran_is_no_success)
{
	struct record records[] = {
		make(id_a, VERDICT_SAFE, OUTCOME_AS_EXPECTED),
		make(id_b, VERDICT_SKIPPED, OUTCOME_NONE),
	};
	struct run_kernel kernel = good_kernel;

	records[1].started = false;
	records[1].finished = false;
	ck_assert_int_eq(exit_code(kernel, records, 2, false), 1);
	kernel.finished = false;
	ck_assert_int_eq(exit_code(kernel, records, 1, false), 1);
	ck_assert_int_eq(exit_code(good_kernel, records, 0, false), 77);
}
END_TEST

START_TEST(canary_has_to_die)
{
	struct record record = make(id_a, VERDICT_SAFE, OUTCOME_AS_EXPECTED);
	struct run_kernel kernel = good_kernel;

	for (enum verdict i = 0; i < VERDICT_COUNT; i++) {
		kernel.canary = i;
		ck_assert_msg(exit_code(kernel, &record, 1, false) ==
				      (i == VERDICT_CORRUPT ? 0 : 99),
			      "canary %s", verdict_to_string(i));
	}
	kernel.canary_seen = false;
	ck_assert_int_eq(exit_code(kernel, &record, 1, false), 99);

	/* the kernel died before its canary: that is what counts */
	kernel.finished = false;
	ck_assert_int_eq(exit_code(kernel, &record, 1, false), 1);

	/* nothing ran, no canary either */
	record = make(id_a, VERDICT_SKIPPED, OUTCOME_NONE);
	kernel.finished = true;
	ck_assert_int_eq(exit_code(kernel, &record, 1, false), 77);
}
END_TEST

START_TEST(records_are_counted)
{
	struct record records[] = {
		make(id_a, VERDICT_SAFE, OUTCOME_AS_EXPECTED),
		make(id_b, VERDICT_OOPS, OUTCOME_UNEXPECTED),
		make(id_a, VERDICT_OOPS, OUTCOME_KNOWN_ISSUE),
	};
	struct run run = {.records = records, .record_count = 3};
	struct tally tally;

	records[2].kernel = other;
	records[2].finished = false;
	run_tally(&run, NULL, &tally);
	ck_assert_uint_eq(tally.total, 3);
	ck_assert_uint_eq(tally.verdicts[VERDICT_OOPS], 2);
	ck_assert_uint_eq(tally.outcomes[OUTCOME_KNOWN_ISSUE], 1);
	ck_assert_uint_eq(tally.unfinished, 1);
	run_tally(&run, "6.1", &tally);
	ck_assert_uint_eq(tally.total, 2);
	ck_assert_uint_eq(tally.verdicts[VERDICT_OOPS], 1);
	ck_assert_uint_eq(tally.unfinished, 0);

	ck_assert_ptr_eq(run_find(&run, "7.3", "a"), &records[2]);
	ck_assert_ptr_null(run_find(&run, "7.3", "b"));
}
END_TEST

static char told[1024];
static unsigned int told_count;

static void tell(void *arg, const char *line)
{
	ck_assert_ptr_eq(arg, told);
	snprintf(told, sizeof(told), "%s", line);
	told_count++;
}

/* Tells what @run owes to one demand; how many lines. */
static int unmet(const struct run *run, const char *glob, unsigned long min_run)
{
	struct demands demands = {
		.globs = {glob}, .count = !!glob, .min_run = min_run};

	told[0] = '\0';
	told_count = 0;
	ck_assert(demands_any(&demands));
	ck_assert_int_eq(demands_unmet(&demands, run, tell, told),
			 (int)told_count);
	return (int)told_count;
}

START_TEST(only_answers_meet_a_demand)
{
	for (enum verdict i = 0; i < VERDICT_COUNT; i++) {
		struct record record = make(id_cell, i, OUTCOME_NONE);
		struct run_kernel kernel = good_kernel;
		struct run run = {
			.kernels = &kernel,
			.kernel_count = 1,
			.records = &record,
			.record_count = 1,
		};
		int owing = !verdict_is_answer(i);

		ck_assert_int_eq(unmet(&run, "m/*", 0), owing);
		ck_assert_int_eq(unmet(&run, NULL, 1), owing);
		ck_assert_int_eq(unmet(&run, "other", 0), 0);
		ck_assert_int_eq(unmet(&run, NULL, 2), 1);
	}
}
END_TEST

START_TEST(what_is_owed_is_named)
{
	char two_lines[] = "no\nroot";
	struct record records[8];
	char ids[8][CELL_ID_SIZE];
	struct run_kernel kernels[2] = {good_kernel, good_kernel};
	struct run run = {
		.kernels = kernels,
		.kernel_count = 2,
		.records = records,
		.record_count = 8,
	};

	kernels[1].release = other;
	for (size_t i = 0; i < 8; i++) {
		snprintf(ids[i], sizeof(ids[i]), "m%zu/f/s", i);
		records[i] = make(ids[i], VERDICT_SKIPPED, OUTCOME_NONE);
		records[i].reason = two_lines;
	}
	records[7].kernel = other;
	records[7].verdict = VERDICT_SAFE;
	ck_assert_int_eq(unmet(&run, "f", 0), 1);
	ck_assert_str_eq(told,
			 "--require f: no answer on 6.1 from m0/f/s skipped "
			 "(no root), m1/f/s skipped (no root), m2/f/s skipped "
			 "(no root), m3/f/s skipped (no root), m4/f/s skipped "
			 "(no root), and 2 more");
	ck_assert_int_eq(unmet(&run, "m7/*", 0), 0);
	ck_assert_int_eq(unmet(&run, NULL, 1), 1);
	ck_assert_str_eq(told,
			 "--min-run 1: only 0 cells gave an answer on 6.1");
	ck_assert_int_eq(unmet(&run, NULL, 2), 2);
}
END_TEST

START_TEST(demands_fit_something)
{
	struct record record = make(id_cell, VERDICT_SAFE, OUTCOME_NONE);
	struct run run = {.records = &record, .record_count = 1};
	struct demands demands = {.globs = {"m/*", "nothing"}, .count = 1};
	struct error error = {""};

	ck_assert_int_eq(demands_fit_run(&demands, &run, &error), 0);
	demands.count = 2;
	ck_assert_int_eq(demands_fit_run(&demands, &run, &error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "--require nothing: "));
	ck_assert_int_eq(demands_fit(&demands, NULL, 0, NULL), -EINVAL);
}
END_TEST

/* Owing stands above what could not run, and below a canary that lives. */
START_TEST(owing_makes_the_exit_code)
{
	static const struct {
		enum verdict verdict;
		enum outcome outcome;
		enum verdict canary;
		int code;
	} vectors[] = {
		{VERDICT_SAFE, OUTCOME_AS_EXPECTED, VERDICT_CORRUPT, 1},
		{VERDICT_SKIPPED, OUTCOME_NONE, VERDICT_CORRUPT, 1},
		{VERDICT_BROKEN, OUTCOME_NONE, VERDICT_CORRUPT, 1},
		{VERDICT_OOPS, OUTCOME_UNEXPECTED, VERDICT_CORRUPT, 1},
		{VERDICT_SAFE, OUTCOME_AS_EXPECTED, VERDICT_SAFE, 99},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct record record =
			make(id_a, vectors[i].verdict, vectors[i].outcome);
		struct run_kernel kernel = good_kernel;
		struct run run = {
			.kernels = &kernel,
			.kernel_count = 1,
			.records = &record,
			.record_count = 1,
		};

		kernel.canary = vectors[i].canary;
		ck_assert_msg(run_exit_code_owing(&run, false, true) ==
				      vectors[i].code,
			      "vector %zu", i);
		ck_assert_int_eq(run_exit_code_owing(&run, false, false),
				 run_exit_code(&run, false));
	}
}
END_TEST

UNIT_MAIN("record", one_cell_decides, worse_of_two_cells_decides,
	  what_never_ran_is_no_success, canary_has_to_die, records_are_counted,
	  only_answers_meet_a_demand, what_is_owed_is_named,
	  demands_fit_something, owing_makes_the_exit_code)
