/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of plan/test-tables.c. */

#include <string.h>

#include "base/unit.h"
#include "runner/comparison.h"

static char six_one[] = "6.1.0-50-amd64", six_twelve[] = "6.12.95+deb13",
	    six_twelve_rt[] = "6.12.95+deb13-rt", empty[] = "",
	    must_refuse[] = "rdma_mr/xfs/admission",
	    must_work[] = "o_direct/xfs/admission", gone[] = "gone/xfs/x",
	    interrupted[] = FINISH_INTERRUPTED;

static struct run_kernel kernels[] = {
	{.release = six_one,
	 .finished = true,
	 .canary_seen = true,
	 .canary = VERDICT_CORRUPT},
	{.release = six_twelve},
	{.release = six_twelve_rt},
};

static int pick(size_t count, const char *prefix,
		const struct run_kernel **kernel, struct error *error)
{
	struct run run = {.kernels = kernels, .kernel_count = count};

	error->text[0] = '\0';
	return run_pick_kernel(&run, prefix, "dir", kernel, error);
}

START_TEST(kernels_are_picked_by_prefix)
{
	static const struct {
		const char *prefix;
		const char *release; /* NULL: an error */
	} vectors[] = {
		{"6.1", six_one},
		{"6.1.0", six_one},
		{"6.1.0-50-a", six_one},
		{six_twelve, six_twelve},
		{"6.12.95+deb13-", six_twelve_rt},
		{"6", NULL},
		{"6.12", NULL},
		{"6.12.9", NULL},
		{"7", NULL},
		{"", NULL},
	};
	const struct run_kernel *kernel;
	struct error error = {0};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		int ret = pick(3, vectors[i].prefix, &kernel, &error);

		ck_assert_msg(!ret == (vectors[i].release != NULL), "'%s'",
			      vectors[i].prefix);
		if (!ret)
			ck_assert_str_eq(kernel->release, vectors[i].release);
		else
			ck_assert_ptr_nonnull(strstr(error.text, six_one));
	}
}
END_TEST

START_TEST(one_kernel_needs_no_prefix)
{
	const struct run_kernel *kernel;
	struct error error = {0};

	ck_assert_int_eq(pick(1, NULL, &kernel, &error), 0);
	ck_assert_str_eq(kernel->release, six_one);
	ck_assert_int_lt(pick(2, NULL, &kernel, &error), 0);
	ck_assert_ptr_nonnull(strstr(error.text, "dir:RELEASE"));
	ck_assert_int_lt(pick(0, NULL, &kernel, &error), 0);
	ck_assert_ptr_nonnull(strstr(error.text, "did not begin"));
	ck_assert_int_lt(pick(0, "6", &kernel, &error), 0);
}
END_TEST

static struct record make(char *id, enum verdict verdict, enum outcome outcome)
{
	return (struct record){
		.id = id,
		.kernel = six_one,
		.started = true,
		.finished = true,
		.verdict = verdict,
		.outcome = outcome,
		.reason = empty,
	};
}

/* Compares two runs of @count and @new_count cells; 0 or more: the exit code */
static int compare(struct run_kernel old_kernel, struct record *old,
		   size_t count, struct run_kernel new_kernel,
		   struct record *new, size_t new_count, bool strict,
		   size_t counts[CHANGE_COUNT])
{
	struct run old_run = {.kernels = &old_kernel,
			      .kernel_count = 1,
			      .records = old,
			      .record_count = count};
	struct run new_run = {.kernels = &new_kernel,
			      .kernel_count = 1,
			      .records = new,
			      .record_count = new_count};
	const struct run_side was = {"old", &old_run, &old_kernel};
	const struct run_side is = {"new", &new_run, &new_kernel};
	struct comparison comparison;
	int code;

	ck_assert_int_eq(comparison_make(&was, &is, &comparison), 0);
	memcpy(counts, comparison.counts, sizeof(comparison.counts));
	code = comparison_exit_code(&comparison, strict);
	comparison_done(&comparison);
	return code;
}

START_TEST(cells_are_put_together)
{
	struct record old[] = {
		make(must_refuse, VERDICT_REFUSED, OUTCOME_AS_EXPECTED),
		make(gone, VERDICT_SAFE, OUTCOME_AS_EXPECTED),
	};
	struct record new[] = {
		make(must_work, VERDICT_SAFE, OUTCOME_AS_EXPECTED),
		make(must_refuse, VERDICT_REFUSED, OUTCOME_AS_EXPECTED),
	};
	size_t counts[CHANGE_COUNT];

	ck_assert_int_eq(
		compare(kernels[0], old, 2, kernels[0], new, 2, false, counts),
		0);
	ck_assert_uint_eq(counts[CHANGE_SAME], 1);
	ck_assert_uint_eq(counts[CHANGE_ONLY_OLD], 1);
	ck_assert_uint_eq(counts[CHANGE_ONLY_NEW], 1);
	/* nothing in common */
	ck_assert_int_eq(
		compare(kernels[0], old, 2, kernels[0], new, 1, false, counts),
		77);
	ck_assert_int_eq(
		compare(kernels[0], old, 0, kernels[0], new, 0, false, counts),
		77);
}
END_TEST

static int compare_one(char *id, enum verdict old, struct record new,
		       struct run_kernel kernel, bool strict,
		       enum change *change)
{
	struct record was = make(id, old, OUTCOME_AS_EXPECTED);
	size_t counts[CHANGE_COUNT];
	int code =
		compare(kernels[0], &was, 1, kernel, &new, 1, strict, counts);

	for (*change = 0; *change < CHANGE_COUNT && !counts[*change];)
		(*change)++;
	return code;
}

START_TEST(exit_codes)
{
	struct run_kernel bad = kernels[0];
	enum change change;
	struct record new =
		make(must_work, VERDICT_CORRUPT, OUTCOME_UNEXPECTED);

	ck_assert_int_eq(compare_one(must_work, VERDICT_SAFE, new, kernels[0],
				     false, &change),
			 1);
	ck_assert_int_eq(change, CHANGE_WORSE);
	/* a known issue counts when it is asked for */
	new.outcome = OUTCOME_KNOWN_ISSUE;
	ck_assert_int_eq(compare_one(must_work, VERDICT_SAFE, new, kernels[0],
				     false, &change),
			 0);
	ck_assert_int_eq(compare_one(must_work, VERDICT_SAFE, new, kernels[0],
				     true, &change),
			 1);
	/* nothing of a run is believed whose canary was not corrupt */
	bad.canary = VERDICT_SAFE;
	ck_assert_int_eq(
		compare_one(must_work, VERDICT_SAFE, new, bad, true, &change),
		99);
	/* an answer that became a hang: worse, though only one side answered */
	new = make(must_work, VERDICT_HUNG, OUTCOME_NONE);
	ck_assert_int_eq(compare_one(must_work, VERDICT_SAFE, new, kernels[0],
				     false, &change),
			 1);
	new = make(must_work, VERDICT_BROKEN, OUTCOME_NONE);
	ck_assert_int_eq(compare_one(must_work, VERDICT_SAFE, new, kernels[0],
				     false, &change),
			 77);
	ck_assert_int_eq(change, CHANGE_CANNOT_TELL);
}
END_TEST

START_TEST(who_interrupts_a_run_takes_no_kernel)
{
	struct run_kernel kernel = kernels[0];
	struct record new = make(must_work, VERDICT_VANISHED, OUTCOME_NONE);
	enum change change;

	kernel.finish_reason = interrupted;
	compare_one(must_work, VERDICT_SAFE, new, kernel, false, &change);
	ck_assert_int_eq(change, CHANGE_WORSE); /* it has an end */
	new.finished = false;
	compare_one(must_work, VERDICT_SAFE, new, kernel, false, &change);
	ck_assert_int_eq(change, CHANGE_CANNOT_TELL);
	kernel.finish_reason = NULL;
	compare_one(must_work, VERDICT_SAFE, new, kernel, false, &change);
	ck_assert_int_eq(change, CHANGE_WORSE);
}
END_TEST

/* The same kernel, three times on each side */
struct repeats {
	struct record records[3];
	struct run runs[3];
	struct run_kernel kernels[3];
	struct run_repeat further[2];
};

static struct run_side repeat(struct repeats *repeats,
			      const enum verdict *verdicts)
{
	for (size_t i = 0; i < 3; i++) {
		repeats->records[i] =
			make(must_work, verdicts[i],
			     verdicts[i] == VERDICT_SAFE ? OUTCOME_AS_EXPECTED
							 : OUTCOME_UNEXPECTED);
		repeats->kernels[i] = kernels[0];
		repeats->runs[i] = (struct run){.kernels = &repeats->kernels[i],
						.kernel_count = 1,
						.records = &repeats->records[i],
						.record_count = 1};
	}
	for (size_t i = 0; i < 2; i++)
		repeats->further[i] = (struct run_repeat){
			&repeats->runs[i + 1], &repeats->kernels[i + 1]};
	return (struct run_side){"side", &repeats->runs[0],
				 &repeats->kernels[0], repeats->further, 2};
}

static int compare_repeats(const enum verdict *old, const enum verdict *new,
			   struct comparison *comparison)
{
	static struct repeats was, is;
	const struct run_side old_side = repeat(&was, old);
	const struct run_side new_side = repeat(&is, new);

	ck_assert_int_eq(comparison_make(&old_side, &new_side, comparison), 0);
	ck_assert(comparison_repeated(comparison));
	ck_assert_uint_eq(comparison->count, 1);
	return comparison_exit_code(comparison, false);
}

START_TEST(repeats_are_counted)
{
	static const enum verdict safe[] = {VERDICT_SAFE, VERDICT_SAFE,
					    VERDICT_SAFE},
				  once[] = {VERDICT_SAFE, VERDICT_SAFE,
					    VERDICT_CORRUPT},
				  twice[] = {VERDICT_SAFE, VERDICT_CORRUPT,
					     VERDICT_CORRUPT};
	struct comparison comparison;

	ck_assert_int_eq(compare_repeats(safe, once, &comparison), 0);
	ck_assert_int_eq(comparison.pairs[0].change, CHANGE_NOISE);
	ck_assert_uint_eq(comparison.pairs[0].is.shown, 1);
	ck_assert_uint_eq(comparison.pairs[0].is.told, 3);
	ck_assert_int_eq(comparison.pairs[0].new->verdict, VERDICT_CORRUPT);
	comparison_done(&comparison);

	ck_assert_int_eq(compare_repeats(safe, twice, &comparison), 1);
	ck_assert_int_eq(comparison.pairs[0].change, CHANGE_WORSE);
	ck_assert_uint_eq(comparison.answered, 1);
	comparison_done(&comparison);

	ck_assert_int_eq(compare_repeats(twice, safe, &comparison), 0);
	comparison_done(&comparison);
}
END_TEST

/* One bad canary among the repeats is enough. */
START_TEST(every_repeat_has_to_be_trusted)
{
	static const enum verdict safe[] = {VERDICT_SAFE, VERDICT_SAFE,
					    VERDICT_SAFE};
	static struct repeats was, is;
	const struct run_side old = repeat(&was, safe), new = repeat(&is, safe);
	struct comparison comparison;

	is.kernels[2].canary = VERDICT_SAFE;
	ck_assert_int_eq(comparison_make(&old, &new, &comparison), 0);
	ck_assert_int_eq(comparison_exit_code(&comparison, false), 99);
	comparison_done(&comparison);
}
END_TEST

START_TEST(unknown_cells_are_compared)
{
	struct record new = make(gone, VERDICT_REFUSED, OUTCOME_AS_EXPECTED);
	enum change change;

	ck_assert_int_eq(compare_one(gone, VERDICT_SAFE, new, kernels[0], false,
				     &change),
			 1);
	ck_assert_int_eq(compare_one(gone, VERDICT_OOPS, new, kernels[0], false,
				     &change),
			 0);
	ck_assert_int_eq(change, CHANGE_BETTER);
}
END_TEST

UNIT_MAIN("comparison", repeats_are_counted, every_repeat_has_to_be_trusted,
	  kernels_are_picked_by_prefix, one_kernel_needs_no_prefix,
	  cells_are_put_together, exit_codes,
	  who_interrupts_a_run_takes_no_kernel, unknown_cells_are_compared)
