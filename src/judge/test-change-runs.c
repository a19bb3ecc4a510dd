/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of plan/test-tables.c. */

#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "judge/change-runs.h"

#define RUNS_MAX 64

/*
 * One letter for each run: Safe Refused Exposed Corrupt Oops, sKipped Broken
 * Hung Vanished. A small letter is a known issue, `f` is refused with another
 * errno.
 */
static struct change_side run_of(char letter)
{
	static const char letters[] = "SRECOKBHV";
	const char *at = strchr(letters, letter);

	if (letter == 'f')
		return (struct change_side){VERDICT_REFUSED, "EPERM", ""};
	if (at)
		return (struct change_side){(enum verdict)(at - letters), NULL,
					    "", false};
	at = strchr(letters, letter - 'a' + 'A');
	ck_assert_ptr_nonnull(at);
	return (struct change_side){(enum verdict)(at - letters), NULL, "",
				    true};
}

static size_t runs_of(const char *text, struct change_side *runs)
{
	size_t count = strlen(text);

	ck_assert(count && count <= RUNS_MAX);
	for (size_t i = 0; i < count; i++)
		runs[i] = run_of(text[i]);
	return count;
}

static struct change_of_runs judge(enum duty duty, const char *old,
				   const char *new)
{
	struct change_side was[RUNS_MAX], is[RUNS_MAX];
	size_t old_count = runs_of(old, was), new_count = runs_of(new, is);
	struct change_of_runs ret;

	change_judge_runs(duty, was, old_count, is, new_count, &ret);
	ck_assert_uint_lt(ret.old_at, old_count);
	ck_assert_uint_lt(ret.new_at, new_count);
	ck_assert_uint_le(ret.old.shown, ret.old.told);
	ck_assert_uint_le(ret.new.shown, ret.new.told);
	return ret;
}

/** struct vector - @counts: `shown/told` before and now */
struct vector {
	enum duty duty;
	const char *old, *new;
	enum change change;
	const char *counts;
};

static const struct vector vectors[] = {
	/* each side of one mind */
	{DUTY_WORK, "S", "C", CHANGE_WORSE, "0/1 1/1"},
	{DUTY_WORK, "SSS", "CCC", CHANGE_WORSE, "0/3 3/3"},
	{DUTY_WORK, "SSSSS", "C", CHANGE_WORSE, "0/5 1/1"},
	{DUTY_WORK, "CC", "SSS", CHANGE_BETTER, "2/2 0/3"},
	{DUTY_WORK, "SS", "SS", CHANGE_SAME, "2/2 2/2"},
	{DUTY_REFUSE, "RR", "ff", CHANGE_ERRNO, "0/2 2/2"},
	{DUTY_WORK, "SS", "HH", CHANGE_WORSE, "0/2 2/2"},
	/* runs without an answer are left out */
	{DUTY_WORK, "SKB", "BBS", CHANGE_SAME, "1/1 1/1"},
	{DUTY_WORK, "SKS", "KCC", CHANGE_WORSE, "0/2 2/2"},
	{DUTY_WORK, "KB", "BK", CHANGE_UNANSWERED, "0/0 0/0"},
	{DUTY_WORK, "SSC", "KK", CHANGE_CANNOT_TELL, "0/3 0/0"},
	{DUTY_WORK, "KK", "SC", CHANGE_CANNOT_TELL, "0/0 1/2"},
	/* seen in two runs, and in none before */
	{DUTY_WORK, "SSSSS", "SSCSC", CHANGE_WORSE, "0/5 2/5"},
	{DUTY_WORK, "S", "CSC", CHANGE_WORSE, "0/1 2/3"},
	/* seen once */
	{DUTY_WORK, "SSSSS", "SSCSS", CHANGE_NOISE, "0/5 1/5"},
	{DUTY_WORK, "S", "CS", CHANGE_NOISE, "0/1 1/2"},
	{DUTY_WORK, "SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS", "CS",
	 CHANGE_WORSE, "0/39 1/2"},
	{DUTY_WORK, "SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS", "CS", CHANGE_NOISE,
	 "0/37 1/2"},
	/* seen before, too */
	{DUTY_WORK, "SCSSS", "CSSSC", CHANGE_NOISE, "1/5 2/5"},
	{DUTY_WORK, "SCSSS", "CCCCC", CHANGE_NOISE, "1/5 5/5"},
	{DUTY_WORK, "CCCCC", "SCSSS", CHANGE_NOISE, "5/5 1/5"},
	{DUTY_WORK, "SC", "SC", CHANGE_NOISE, "1/2 1/2"},
	/* not seen now */
	{DUTY_WORK, "CCCSC", "SSSSS", CHANGE_BETTER, "4/5 0/5"},
	{DUTY_WORK, "CSSSS", "SSSSS", CHANGE_NOISE, "1/5 0/5"},
	{DUTY_WORK, "CSSSC", "SSSSS", CHANGE_NOISE, "2/5 0/5"},
	/* one thing was always broken, another one is new */
	{DUTY_WORK, "EEE", "ECE", CHANGE_NOISE, "0/3 1/3"},
	{DUTY_WORK, "ESE", "ECC", CHANGE_WORSE, "0/3 2/3"},
	{DUTY_WORK, "RS", "OO", CHANGE_WORSE, "0/2 2/2"},
	/* worse counts more than better, noise more than better */
	{DUTY_WORK, "CCC", "RRS", CHANGE_WORSE, "0/3 2/3"},
	{DUTY_WORK, "CCC", "RSS", CHANGE_NOISE, "0/3 1/3"},
	/* where it must be refused */
	{DUTY_REFUSE, "RRR", "SRS", CHANGE_WORSE, "0/3 2/3"},
	{DUTY_REFUSE, "RRR", "RRS", CHANGE_NOISE, "0/3 1/3"},
	{DUTY_REFUSE, "SE", "RR", CHANGE_BETTER, "2/2 0/2"},
	/* only the errno differs */
	{DUTY_REFUSE, "RfR", "RRR", CHANGE_NOISE, "2/3 3/3"},
	{DUTY_REFUSE, "RfR", "RfR", CHANGE_NOISE, "1/3 1/3"},
	/* hangs and deaths */
	{DUTY_WORK, "SSS", "HVS", CHANGE_WORSE, "0/3 2/3"},
	{DUTY_WORK, "SSS", "SHS", CHANGE_NOISE, "0/3 1/3"},
	{DUTY_WORK, "SSS", "OVS", CHANGE_WORSE, "0/3 2/3"},
	{DUTY_WORK, "HV", "SS", CHANGE_BETTER, "2/2 0/2"},
	{DUTY_WORK, "HV", "SC", CHANGE_CANNOT_TELL, "0/0 1/2"},
	{DUTY_WORK, "OO", "HO", CHANGE_NOISE, "0/2 1/2"},
	{DUTY_WORK, "OO", "HV", CHANGE_CANNOT_TELL, "2/2 0/0"},
	/* unknown cells */
	{DUTY_UNKNOWN, "SSS", "RRR", CHANGE_WORSE, "0/3 3/3"},
	{DUTY_UNKNOWN, "SSS", "RRS", CHANGE_WORSE, "0/3 2/3"},
	{DUTY_UNKNOWN, "SSS", "SRS", CHANGE_NOISE, "0/3 1/3"},
	{DUTY_UNKNOWN, "RRR", "ERE", CHANGE_WORSE, "0/3 2/3"},
	{DUTY_UNKNOWN, "EER", "RRR", CHANGE_NOISE, "2/3 0/3"},
	{DUTY_UNKNOWN, "CO", "SS", CHANGE_BETTER, "2/2 0/2"},
};

START_TEST(the_rule)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *vector = &vectors[i];
		struct change_of_runs ret =
			judge(vector->duty, vector->old, vector->new);
		char counts[64];

		snprintf(counts, sizeof(counts), "%zu/%zu %zu/%zu",
			 ret.old.shown, ret.old.told, ret.new.shown,
			 ret.new.told);
		ck_assert_msg(ret.change == vector->change &&
				      !strcmp(counts, vector->counts),
			      "duty %d: %s -> %s is %s, %s", vector->duty,
			      vector->old, vector->new,
			      change_to_string(ret.change), counts);
	}
}
END_TEST

/* With one run on each side nothing is new. */
START_TEST(single_runs_are_judged_as_ever)
{
	for (enum duty duty = 0; duty < DUTY_COUNT; duty++)
		for (enum verdict old = 0; old < VERDICT_COUNT; old++)
			for (enum verdict new = 0; new < VERDICT_COUNT;
			     new ++) {
				const struct change_side was = {old, NULL, ""};
				const struct change_side is = {new, NULL, ""};
				struct change_of_runs ret;
				const char *why;

				change_judge_runs(duty, &was, 1, &is, 1, &ret);
				ck_assert_int_eq(
					ret.change,
					change_judge(duty, &was, &is, &why));
				ck_assert_ptr_eq(ret.why, why);
			}
}
END_TEST

/* What is repeated often enough, and was never seen, is no noise. */
START_TEST(no_regression_is_hidden)
{
	for (enum duty duty = 0; duty < DUTY_COUNT; duty++)
		for (enum verdict old = 0; old < VERDICT_COUNT; old++)
			for (enum verdict new = 0; new < VERDICT_COUNT;
			     new ++) {
				const struct change_side was[] = {
					{old, NULL, ""}, {old, NULL, ""}};
				const struct change_side is[] = {
					{old, NULL, ""},
					{new, NULL, ""},
					{new, NULL, ""}};
				struct change_of_runs ret;

				if (change_judge(duty, &was[0], &is[1], NULL) !=
				    CHANGE_WORSE)
					continue;
				change_judge_runs(duty, was, 2, is, 3, &ret);
				ck_assert_msg(ret.change == CHANGE_WORSE,
					      "duty %d: %s -> %s", duty,
					      verdict_to_string(old),
					      verdict_to_string(new));
				ck_assert_ptr_nonnull(ret.why);
			}
}
END_TEST

START_TEST(the_runs_that_show_it)
{
	struct change_of_runs ret = judge(DUTY_WORK, "KSS", "SKCC");

	ck_assert_uint_eq(ret.old_at, 1);
	ck_assert_uint_eq(ret.new_at, 2);
	/* an answer that nobody expects tells more than a known one */
	ret = judge(DUTY_WORK, "SS", "ScCc");
	ck_assert_uint_eq(ret.new_at, 2);
	ret = judge(DUTY_WORK, "SCSSS", "SSSSS");
	ck_assert_uint_eq(ret.old_at, 1);
	ck_assert_uint_eq(ret.new_at, 0);
	ret = judge(DUTY_WORK, "CSSSS", "SSCSS");
	ck_assert_uint_eq(ret.old_at, 1);
	ck_assert_uint_eq(ret.new_at, 2);
}
END_TEST

START_TEST(noise_says_why)
{
	static const struct {
		const char *old, *new, *why;
	} lines[] = {
		{"SS", "SC", "seen in one run"},
		{"SC", "SS", "may be chance"},
		{"SC", "SC", "from run to run"},
		{"SCSSSSS", "CCCCCCC", "more often now than chance explains"},
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct change_of_runs ret =
			judge(DUTY_WORK, lines[i].old, lines[i].new);

		ck_assert_int_eq(ret.change, CHANGE_NOISE);
		ck_assert_msg(strstr(ret.why, lines[i].why), "%s", ret.why);
	}
}
END_TEST

UNIT_MAIN("change-runs", the_rule, single_runs_are_judged_as_ever,
	  no_regression_is_hidden, the_runs_that_show_it, noise_says_why)
