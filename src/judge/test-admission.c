/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/unit.h"
#include "judge/admission.h"

static const struct mechanism writer = {
	.name = "writer",
	.traits = MECH_LONGTERM | MECH_WRITES,
};
static const struct mechanism reader = {
	.name = "reader",
	.traits = MECH_LONGTERM | MECH_READS_ONLY,
};
static const struct filesystem disk = {
	.name = "disk",
	.traits = FS_TRACKS_DIRTY,
};
static const struct filesystem memory = {.name = "memory"};
static const struct scenario question = {.name = "question"};
static const struct scenario hazard = {
	.name = "hazard",
	.not_mechanism = MECH_MOMENTARY,
};

static struct cell_id cell(const struct filesystem *filesystem,
			   const struct variant *variant)
{
	return (struct cell_id){&writer, filesystem, &question, variant};
}

static enum admission_group group_of(const struct filesystem *filesystem,
				     unsigned int flags)
{
	const struct variant variant = {.name = "v", .flags = flags};
	struct cell_id id = cell(filesystem, &variant);

	return admission_group_of(&id);
}

START_TEST(mappings_fall_into_groups)
{
	struct cell_id plain = cell(&disk, NULL);

	ck_assert_int_eq(admission_group_of(&plain), ADMISSION_PRESENT);
	ck_assert_int_eq(group_of(&disk, VARIANT_UNTOUCHED), ADMISSION_ABSENT);
	ck_assert_int_eq(group_of(&disk, VARIANT_CLEANED), ADMISSION_CLEAN);
	ck_assert_int_eq(group_of(&disk, VARIANT_READ_TOUCHED),
			 ADMISSION_CLEAN);
	ck_assert_int_eq(group_of(&disk, VARIANT_TWO_FILES), ADMISSION_PARTLY);
	ck_assert_int_eq(group_of(&disk, VARIANT_MLOCKED), ADMISSION_SPECIAL);
	ck_assert_int_eq(group_of(&disk, VARIANT_PRIVATE), ADMISSION_PRIVATE);
	ck_assert_int_eq(group_of(&memory, VARIANT_CLEANED), ADMISSION_MEMORY);
	ck_assert_int_eq(group_of(&memory, VARIANT_READ_ONLY),
			 ADMISSION_UNWRITABLE);
	ck_assert_int_eq(group_of(&disk, VARIANT_BEYOND_EOF),
			 ADMISSION_UNWRITABLE);
}
END_TEST

START_TEST(answers_add_up)
{
	struct admission admission = {.kept = 0};
	struct cell_id id = cell(&disk, NULL);
	const struct admission_answer *answer =
		&admission.groups[ADMISSION_PRESENT];

	admission_add(&admission, &id, VERDICT_REFUSED, "EFAULT");
	admission_add(&admission, &id, VERDICT_REFUSED, "ENOMEM");
	admission_add(&admission, &id, VERDICT_REFUSED, "EFAULT");
	admission_add(&admission, &id, VERDICT_EXPOSED, NULL);
	/* none of these is an answer */
	admission_add(&admission, &id, VERDICT_OOPS, NULL);
	admission_add(&admission, &id, VERDICT_SKIPPED, NULL);
	admission_add(&admission, &id, VERDICT_BROKEN, NULL);
	id.mechanism = &reader;
	admission_add(&admission, &id, VERDICT_SAFE, NULL);
	ck_assert_uint_eq(answer->refused, 3);
	ck_assert_uint_eq(answer->accepted, 1);
	ck_assert_str_eq(answer->errnos[0], "EFAULT");
	ck_assert_str_eq(answer->errnos[1], "ENOMEM");
	ck_assert_ptr_null(answer->errnos[2]);
	ck_assert_uint_eq(admission.kept + admission.broke, 0);
}
END_TEST

static struct admission answered(enum verdict plain, enum verdict absent,
				 enum verdict around)
{
	const struct variant untouched = {.name = "v",
					  .flags = VARIANT_UNTOUCHED};
	struct admission admission = {.kept = 0};
	struct cell_id id = cell(&disk, NULL);

	admission_add(&admission, &id, plain, "EFAULT");
	id.variant = &untouched;
	admission_add(&admission, &id, absent, "EFAULT");
	id.variant = NULL;
	id.scenario = &hazard;
	admission_add(&admission, &id, around, "EFAULT");
	return admission;
}

static enum admission_policy policy(const struct admission *one,
				    const struct admission *two)
{
	const struct admission *list[] = {one, two};

	return admission_policy(list, 2);
}

/* Nothing can go wrong behind a pin that nobody writes through */
START_TEST(kept_promises_count_only_where_a_device_writes)
{
	static const struct mechanism silent = {
		.name = "silent",
		.traits = MECH_LONGTERM | MECH_WRITES | MECH_NO_WRITER,
	};
	struct admission admission = {.kept = 0};
	const struct admission *list[] = {&admission};
	struct cell_id id = {&silent, &disk, &hazard, NULL};

	admission_add(&admission, &id, VERDICT_EXPOSED, NULL);
	ck_assert_uint_eq(admission.kept, 0);
	ck_assert_int_eq(admission_policy(list, 1), POLICY_ADMITS);
	id.mechanism = &writer;
	admission_add(&admission, &id, VERDICT_EXPOSED, NULL);
	ck_assert_int_eq(admission_policy(list, 1), POLICY_TELLS);
}
END_TEST

START_TEST(policies_are_told_by_behaviour)
{
	struct admission refuses =
		answered(VERDICT_REFUSED, VERDICT_REFUSED, VERDICT_REFUSED);
	struct admission admits =
		answered(VERDICT_EXPOSED, VERDICT_EXPOSED, VERDICT_CORRUPT);
	struct admission tells =
		answered(VERDICT_EXPOSED, VERDICT_EXPOSED, VERDICT_EXPOSED);
	struct admission untried =
		answered(VERDICT_EXPOSED, VERDICT_EXPOSED, VERDICT_SKIPPED);
	struct admission slow_only =
		answered(VERDICT_EXPOSED, VERDICT_REFUSED, VERDICT_CORRUPT);
	struct admission nothing =
		answered(VERDICT_SKIPPED, VERDICT_SKIPPED, VERDICT_SKIPPED);

	ck_assert_int_eq(policy(&nothing, &nothing), POLICY_UNKNOWN);
	ck_assert_int_eq(policy(&refuses, &nothing), POLICY_REFUSES);
	ck_assert_int_eq(policy(&admits, &tells), POLICY_ADMITS);
	ck_assert_int_eq(policy(&untried, &untried), POLICY_ADMITS);
	ck_assert_int_eq(policy(&tells, &tells), POLICY_TELLS);
	ck_assert_int_eq(policy(&refuses, &admits), POLICY_BY_CALLER);
	ck_assert_int_eq(policy(&refuses, &slow_only), POLICY_BY_MAPPING);
}
END_TEST

UNIT_MAIN("admission", mappings_fall_into_groups, answers_add_up,
	  kept_promises_count_only_where_a_device_writes,
	  policies_are_told_by_behaviour)
