/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each vector is the story of one cell, one letter a fact, and the verdict that
 * it must lead to. Most of them are stories that must not end well.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "base/unit.h"
#include "judge/judge.h"
#include "kernel/classify.h"

static const struct promise promises[] = {
	{
		.invariant = 2,
		.text = "what was synced is on the disk",
		.source = "fsync(2)",
		.after = "seen",
		.observed = CONTENT_NEW,
		.step = "fsync",
		.label = "disk",
		.required = CONTENT_NEW,
	},
	{0},
};

static const struct scenario scenario = {.name = "s", .promises = promises};
static const int refusals[] = {EFAULT, 0};

static const int partial_refusals[] = {ENOMEM, 0};

static const struct mechanism longterm = {
	.name = "longterm",
	.traits = MECH_LONGTERM | MECH_WRITES,
	.refusals = refusals,
	.partial_refusals = partial_refusals,
};

static const struct mechanism shortterm = {
	.name = "shortterm",
	.traits = MECH_SHORT | MECH_WRITES,
	.refusals = refusals,
};

static const struct filesystem tracking = {
	.name = "tracking",
	.traits = FS_TRACKS_DIRTY,
};

static const struct filesystem memory = {.name = "memory"};

static const char *const check[] = {"fsck", NULL};

static const struct filesystem checked = {
	.name = "checked",
	.traits = FS_TRACKS_DIRTY,
	.check = check,
};

/* The letters of a story */
static const struct {
	char letter;
	struct fact fact;
} alphabet[] = {
	{'c', {.kind = FACT_CONTROL}},
	{'C', {.kind = FACT_CONTROL, .value = -ENOMEM}},
	{'p', {.kind = FACT_PIN}},
	{'P', {.kind = FACT_PIN, .value = -EFAULT}},
	{'Q', {.kind = FACT_PIN, .value = -ENOMEM}},
	{'w', {.kind = FACT_STEP_END, .name = "device_write"}},
	{'W', {.kind = FACT_STEP_END, .value = -EIO, .name = "device_write"}},
	{'l', {.kind = FACT_LANDED, .value = CONTENT_NEW}},
	{'L', {.kind = FACT_LANDED, .value = CONTENT_OLD}},
	{'s', {.kind = FACT_READ, .value = CONTENT_NEW, .name = "seen"}},
	{'S', {.kind = FACT_READ, .value = CONTENT_OLD, .name = "seen"}},
	{'f', {.kind = FACT_STEP_END, .name = "fsync"}},
	{'F', {.kind = FACT_STEP_END, .value = -EIO, .name = "fsync"}},
	{'U', {.kind = FACT_STEP_END, .value = -EUCLEAN, .name = "fsync"}},
	{'d', {.kind = FACT_READ, .value = CONTENT_NEW, .name = "disk"}},
	{'D', {.kind = FACT_READ, .value = CONTENT_OLD, .name = "disk"}},
	{'Z', {.kind = FACT_READ, .value = CONTENT_ZERO, .name = "disk"}},
	{'E', {.kind = FACT_UNREADABLE, .value = -EIO, .name = "disk"}},
	{'N', {.kind = FACT_UNREADABLE, .value = -ENOMEM, .name = "disk"}},
	{'i', {.kind = FACT_STEP_BEGIN, .name = "map"}},
	{'.', {.kind = FACT_DONE}},
	{'b', {.kind = FACT_BROKEN, .text = "b"}},
	{'x', {.kind = FACT_SKIP, .text = "x"}},
	{'h', {.kind = FACT_STEP_HUNG, .name = "h"}},
	{'t', {.kind = FACT_TIMEOUT, .value = 1}},
	{'k', {.kind = FACT_DIED, .value = 11, .name = "worker"}},
	{'j', {.kind = FACT_DIED, .value = 9, .name = "cell"}},
	{'g', {.kind = FACT_LOG_GAP, .value = 3}},
	{'u', {.kind = FACT_LOG_UNREADABLE}},
	{'r', {.kind = FACT_LOG, .value = LOG_SUPPRESSED}},
	{'O', {.kind = FACT_LOG, .value = LOG_WARN, .text = "O"}},
	{'B', {.kind = FACT_LOG, .value = LOG_FILESYSTEM, .text = "B"}},
	{'m', {.kind = FACT_LOG, .value = LOG_INCONCLUSIVE, .text = "m"}},
	{'T', {.kind = FACT_TAINT, .value = 512, .text = "W"}},
	{'o', {.kind = FACT_COUNTER, .value = 1, .name = "warn_count"}},
	{'Y', {.kind = FACT_CLAIMED, .value = LOG_WARN, .text = "Y"}},
	{'1', {.kind = FACT_PINNED, .value = 16, .name = "control"}},
	{'2', {.kind = FACT_PINNED, .value = 16, .name = "file"}},
	{'5', {.kind = FACT_PINNED, .value = 0, .name = "control"}},
	{'6', {.kind = FACT_PINNED, .value = 0, .name = "file"}},
	{'v', {.kind = FACT_PINS_LEFT, .value = 16}},
	{'V', {.kind = FACT_PINS_LEFT, .value = 16, .name = "alone"}},
	{'K', {.kind = FACT_LOCKED_LEFT, .value = 64, .name = "VmPin"}},
	{'0', {.kind = FACT_CHECKED, .name = "fsck"}},
	{'4', {.kind = FACT_CHECKED, .value = 4, .name = "fsck", .text = "4"}},
	{'n', {.kind = FACT_NOTE, .text = "n"}},
};

static void tell(struct observation *observation, const char *story)
{
	for (; *story; story++) {
		bool known = false;

		for (size_t i = 0; i < sizeof(alphabet) / sizeof(alphabet[0]);
		     i++)
			if (alphabet[i].letter == *story) {
				known = true;
				observation_add(observation, &alphabet[i].fact);
			}
		ck_assert_msg(known, "no such letter: %c", *story);
	}
}

static enum verdict verdict_of_cell(const struct cell_id *id, const char *story,
				    struct judgement *ret)
{
	struct observation observation = {0};

	tell(&observation, story);
	judge(id, &observation, ret);
	observation_done(&observation);
	return ret->verdict;
}

static enum verdict verdict_of(const struct mechanism *mechanism,
			       const struct filesystem *filesystem,
			       const char *story, struct judgement *ret)
{
	struct cell_id id = {
		.mechanism = mechanism,
		.filesystem = filesystem,
		.scenario = &scenario,
	};

	return verdict_of_cell(&id, story, ret);
}

static enum verdict verdict_of_variant(const struct mechanism *mechanism,
				       unsigned int flags, const char *story)
{
	const struct variant variant = {.name = "v", .flags = flags};
	struct cell_id id = {mechanism, &memory, &scenario, &variant};
	struct judgement judgement;

	return verdict_of_cell(&id, story, &judgement);
}

static const struct {
	const char *story;
	enum verdict shortterm;
	enum verdict longterm;
} stories[] = {
	/* the two good ends */
	{"cpwlsfd.", VERDICT_SAFE, VERDICT_EXPOSED},
	{"cP.", VERDICT_REFUSED, VERDICT_REFUSED},
	/* a refusal is none without a control pin that worked */
	{"P.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"CP.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"C.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"c.", VERDICT_BROKEN, VERDICT_BROKEN},
	/* an errno that is no refusal, an answer that changes */
	{"cQ.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpPwlsfd.", VERDICT_BROKEN, VERDICT_BROKEN},
	/* nothing landed, or the device failed */
	{"cpwsfd.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwLsfd.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlLsfd.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpWlsfd.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwLsfD.", VERDICT_BROKEN, VERDICT_BROKEN},
	/* the promise broken, in every view; once is enough */
	{"cpwlsfD.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cpwlsfdD.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cpwlsfZ.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cpwlsfE.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	/* the promise does not bind: nobody saw the value, or fsync failed */
	{"cpwlSfD.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlfD.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlsFD.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlsfFD.", VERDICT_BROKEN, VERDICT_BROKEN},
	/* the promise was not looked at */
	{"cpwlsf.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlsfN.", VERDICT_BROKEN, VERDICT_BROKEN},
	/* the cell did not end, or ended badly */
	{"cpwlsfd", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlsfdb.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cPb.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpk.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlh.", VERDICT_HUNG, VERDICT_HUNG},
	{"cpwlsfdt", VERDICT_HUNG, VERDICT_HUNG},
	{"x.", VERDICT_SKIPPED, VERDICT_SKIPPED},
	{"", VERDICT_BROKEN, VERDICT_BROKEN},
	/* without the whole log nothing is good */
	{"cpwlsfdg.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cPg.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cPu.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cPr.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlsfdm.", VERDICT_BROKEN, VERDICT_BROKEN},
	/* but what it shows counts, however the cell ended */
	{"cpwlsfdO.", VERDICT_OOPS, VERDICT_OOPS},
	{"cPO.", VERDICT_OOPS, VERDICT_OOPS},
	{"O", VERDICT_OOPS, VERDICT_OOPS},
	{"xO.", VERDICT_OOPS, VERDICT_OOPS},
	{"cpwlsfDO.", VERDICT_OOPS, VERDICT_OOPS},
	{"cpwlsfdOg.", VERDICT_OOPS, VERDICT_OOPS},
	{"cpwlsfdT.", VERDICT_OOPS, VERDICT_OOPS},
	{"icpwlsfdB.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	/* also where it is not heard, because too much was said */
	{"icpwlsUb.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"icpwlsUbr.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"icpwlsFb.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"icpUbj.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"icPB.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	/* a mount that failed is no finding about the kernel */
	{"B", VERDICT_BROKEN, VERDICT_BROKEN},
	{"bB.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"icpwjB", VERDICT_BROKEN, VERDICT_BROKEN},
	{"icpwkB.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cpwlsfDg.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cpwlsfdn.", VERDICT_SAFE, VERDICT_EXPOSED},
	{"c1p2wlsfd.", VERDICT_SAFE, VERDICT_EXPOSED},
	{"c5p6wlsfd.", VERDICT_SAFE, VERDICT_EXPOSED},
	{"cp6wlsfd.", VERDICT_SAFE, VERDICT_EXPOSED},
	{"c1pwlsfd.", VERDICT_SAFE, VERDICT_EXPOSED},
	{"c1P.", VERDICT_REFUSED, VERDICT_REFUSED},
	/* a second opinion counts, a program's claim proves nothing */
	{"cpwlsfdo.", VERDICT_OOPS, VERDICT_OOPS},
	{"cPo.", VERDICT_OOPS, VERDICT_OOPS},
	{"cpwlsfdY.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlsfDY.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cPY.", VERDICT_BROKEN, VERDICT_BROKEN},
	/* whether refused or not, nothing may be left of a pin */
	{"cpwlsfdV.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cPV.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cPv.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cPK.", VERDICT_BROKEN, VERDICT_BROKEN},
	{"cpwlsfdK.", VERDICT_BROKEN, VERDICT_BROKEN},
	/* a checker that finds damage, or none */
	{"cpwlsfd4.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cP4.", VERDICT_CORRUPT, VERDICT_CORRUPT},
	{"cpwlsfd0.", VERDICT_SAFE, VERDICT_EXPOSED},
};

START_TEST(stories_end_as_they_must)
{
	struct judgement judgement;

	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		const char *story = stories[i].story;
		enum verdict seen;

		seen = verdict_of(&shortterm, &tracking, story, &judgement);
		ck_assert_msg(seen == stories[i].shortterm,
			      "short-term \"%s\": %s (%s)", story,
			      verdict_to_string(seen), judgement.reason);
		ck_assert_msg(judgement.reason[0], "\"%s\": no reason", story);
		seen = verdict_of(&longterm, &tracking, story, &judgement);
		ck_assert_msg(seen == stories[i].longterm,
			      "long-term \"%s\": %s (%s)", story,
			      verdict_to_string(seen), judgement.reason);
		/* where nothing is tracked both are the same */
		seen = verdict_of(&longterm, &memory, story, &judgement);
		ck_assert_msg(seen == stories[i].shortterm,
			      "memory \"%s\": %s (%s)", story,
			      verdict_to_string(seen), judgement.reason);
	}
}
END_TEST

/* Whatever is left out of a good story, it must not stay good */
START_TEST(no_fact_of_a_good_story_can_be_missing)
{
	static const char good[] = "cpwlsfd0.", refused[] = "cP0.";
	struct judgement judgement;
	char story[sizeof(good)];

	for (size_t i = 0; i < sizeof(good) - 1; i++) {
		snprintf(story, sizeof(story), "%.*s%s", (int)i, good,
			 good + i + 1);
		ck_assert_msg(verdict_of(&shortterm, &checked, story,
					 &judgement) == VERDICT_BROKEN,
			      "\"%s\"", story);
	}
	for (size_t i = 0; i < sizeof(refused) - 1; i++) {
		snprintf(story, sizeof(story), "%.*s%s", (int)i, refused,
			 refused + i + 1);
		ck_assert_msg(verdict_of(&longterm, &checked, story,
					 &judgement) == VERDICT_BROKEN,
			      "\"%s\"", story);
	}
}
END_TEST

/* What fails half way has further errnos; a whole range has not */
START_TEST(partial_refusals_are_for_ranges_of_several_parts)
{
	ck_assert_int_eq(
		verdict_of_variant(&longterm, VARIANT_ANON_FIRST, "cQ."),
		VERDICT_REFUSED);
	ck_assert_int_eq(
		verdict_of_variant(&longterm, VARIANT_BEYOND_EOF, "cQ."),
		VERDICT_REFUSED);
	ck_assert_int_eq(verdict_of_variant(&longterm, VARIANT_CLEANED, "cQ."),
			 VERDICT_BROKEN);
	ck_assert_int_eq(
		verdict_of_variant(&shortterm, VARIANT_ANON_FIRST, "cQ."),
		VERDICT_BROKEN);
}
END_TEST

/* Where the kernel may take the page away, that is its fault */
START_TEST(what_has_to_land_is_lost)
{
	struct scenario takes = scenario;
	const struct cell_id id = {
		.mechanism = &shortterm,
		.filesystem = &tracking,
		.scenario = &takes,
	};
	struct judgement judgement;

	takes.lands = "it stays";
	ck_assert_int_eq(verdict_of_cell(&id, "cpwLsfd.", &judgement),
			 VERDICT_CORRUPT);
	ck_assert_ptr_nonnull(strstr(judgement.reason, "it stays"));
	ck_assert_int_eq(verdict_of_cell(&id, "cpWlsfd.", &judgement),
			 VERDICT_BROKEN);
	ck_assert_int_eq(verdict_of_cell(&id, "cpwlsfd.", &judgement),
			 VERDICT_SAFE);
}
END_TEST

/* Who refuses what was to be promised has promised nothing */
START_TEST(a_step_may_refuse)
{
	struct promise optional[] = {promises[0], {0}};
	const struct scenario may = {.name = "s", .promises = optional};
	struct cell_id id = {&shortterm, &memory, &may, NULL};
	struct judgement judgement;

	optional[0].may_refuse = true;
	ck_assert_int_eq(verdict_of_cell(&id, "cpwlsFD.", &judgement),
			 VERDICT_SAFE);
	ck_assert_int_eq(verdict_of_cell(&id, "cpwlsfD.", &judgement),
			 VERDICT_CORRUPT);
	ck_assert_int_eq(verdict_of_cell(&id, "cpwlsfd.", &judgement),
			 VERDICT_SAFE);
	/* one that was never asked has not refused */
	ck_assert_int_eq(verdict_of_cell(&id, "cpwlsD.", &judgement),
			 VERDICT_BROKEN);
}
END_TEST

/* The control pin tells whether its pages are counted at all */
START_TEST(what_has_to_be_readable_may_hold_anything)
{
	static const struct promise readable[] = {
		{
			.invariant = 5,
			.text = "what was written can be read",
			.label = "disk",
			.readable = true,
		},
		{0},
	};
	static const struct scenario reads = {.name = "s",
					      .promises = readable};
	static const struct cell_id id = {&shortterm, &memory, &reads, NULL};
	struct fact facts[] = {
		{.kind = FACT_CONTROL},
		{.kind = FACT_PIN},
		{.kind = FACT_STEP_END, .name = "device_write"},
		{.kind = FACT_LANDED, .value = CONTENT_NEW},
		{.kind = FACT_READ, .name = "disk", .value = CONTENT_OLD},
		{.kind = FACT_DONE},
	};
	struct observation seen = {
		.facts = facts,
		.count = sizeof(facts) / sizeof(facts[0]),
	};
	struct judgement ret;

	judge(&id, &seen, &ret);
	ck_assert_int_eq(ret.verdict, VERDICT_SAFE);
	facts[4].value = CONTENT_MIXED;
	judge(&id, &seen, &ret);
	ck_assert_int_eq(ret.verdict, VERDICT_SAFE);
	facts[4].kind = FACT_UNREADABLE;
	facts[4].value = -EIO;
	judge(&id, &seen, &ret);
	ck_assert_int_eq(ret.verdict, VERDICT_CORRUPT);
	facts[4].value = -EACCES;
	judge(&id, &seen, &ret);
	ck_assert_int_eq(ret.verdict, VERDICT_BROKEN);
	/* not read at all is no proof */
	facts[4].kind = FACT_DONE;
	judge(&id, &seen, &ret);
	ck_assert_int_eq(ret.verdict, VERDICT_BROKEN);
}
END_TEST

START_TEST(long_term_pins_pin)
{
	static const char *const told[] = {"c1p6wlsfd.", "c1p26wlsfd."};
	struct judgement judgement;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		ck_assert_int_eq(
			verdict_of(&longterm, &memory, told[i], &judgement),
			VERDICT_BROKEN);
		ck_assert_ptr_nonnull(
			strstr(judgement.reason, "pinned no page"));
		ck_assert_int_eq(
			verdict_of(&longterm, &tracking, told[i], &judgement),
			VERDICT_BROKEN);
		ck_assert_int_eq(
			verdict_of(&shortterm, &memory, told[i], &judgement),
			VERDICT_SAFE);
	}
	ck_assert_int_eq(
		verdict_of(&longterm, &memory, "c1p6wlsfD.", &judgement),
		VERDICT_CORRUPT);
}
END_TEST

/* On every filesystem, by every mechanism; nothing is written then */
START_TEST(what_no_kernel_may_pin_is_exposed)
{
	static const unsigned int flags[] = {VARIANT_READ_ONLY,
					     VARIANT_BEYOND_EOF};

	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(verdict_of_variant(&longterm, flags[i], "cP."),
				 VERDICT_REFUSED);
		ck_assert_int_eq(verdict_of_variant(&longterm, flags[i], "cp."),
				 VERDICT_EXPOSED);
		ck_assert_int_eq(
			verdict_of_variant(&shortterm, flags[i], "cp."),
			VERDICT_EXPOSED);
		ck_assert_int_eq(
			verdict_of_variant(&shortterm, flags[i], "Cp."),
			VERDICT_BROKEN);
	}
}
END_TEST

START_TEST(errno_is_told_with_a_refusal_only)
{
	struct judgement judgement;

	verdict_of(&longterm, &tracking, "cP.", &judgement);
	ck_assert_int_eq(judgement.error, EFAULT);
	verdict_of(&longterm, &tracking, "cPO.", &judgement);
	ck_assert_int_eq(judgement.error, 0);
	verdict_of(&shortterm, &tracking, "cpwlsfd.", &judgement);
	ck_assert_int_eq(judgement.error, 0);
}
END_TEST

START_TEST(repeated_reads_are_kept_once)
{
	struct observation observation = {0};

	tell(&observation, "dDf");
	for (size_t i = 0; i < 2; i++)
		ck_assert(observation_repeats(&observation,
					      &observation.facts[i]));
	ck_assert(!observation_repeats(&observation, &observation.facts[2]));
	observation_done(&observation);
}
END_TEST

UNIT_MAIN("judge", stories_end_as_they_must,
	  no_fact_of_a_good_story_can_be_missing,
	  partial_refusals_are_for_ranges_of_several_parts, long_term_pins_pin,
	  what_has_to_be_readable_may_hold_anything, what_has_to_land_is_lost,
	  a_step_may_refuse, what_no_kernel_may_pin_is_exposed,
	  errno_is_told_with_a_refusal_only, repeated_reads_are_kept_once)
