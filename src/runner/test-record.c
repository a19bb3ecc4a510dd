/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/unit.h"
#include "runner/record.h"

static char release[] = "6.1", other[] = "7.3", id_a[] = "a", id_b[] = "b",
	    reason[] = "";

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

UNIT_MAIN("record", one_cell_decides, worse_of_two_cells_decides,
	  what_never_ran_is_no_success, canary_has_to_die, records_are_counted)
