/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "judge/admission.h"

enum admission_group admission_group_of(const struct cell_id *id)
{
	unsigned int flags = id->variant ? id->variant->flags : 0;

	if (flags & VARIANT_UNPINNABLE)
		return ADMISSION_UNWRITABLE;
	if (!(id->filesystem->traits & FS_TRACKS_DIRTY))
		return ADMISSION_MEMORY;
	if (flags & VARIANT_PRIVATE)
		return ADMISSION_PRIVATE;
	if (flags & VARIANT_UNTOUCHED)
		return ADMISSION_ABSENT;
	if (flags & (VARIANT_CLEANED | VARIANT_READ_TOUCHED))
		return ADMISSION_CLEAN;
	if (flags & VARIANT_SEVERAL)
		return ADMISSION_PARTLY;
	return flags ? ADMISSION_SPECIAL : ADMISSION_PRESENT;
}

static void keep_errno(struct admission_answer *answer, const char *error)
{
	for (size_t i = 0; error && i < ADMISSION_ERRNOS; i++) {
		if (!answer->errnos[i])
			answer->errnos[i] = error;
		if (!strcmp(answer->errnos[i], error))
			return;
	}
}

void admission_add(struct admission *admission, const struct cell_id *id,
		   enum verdict verdict, const char *error)
{
	enum admission_group group = admission_group_of(id);
	struct admission_answer *answer = &admission->groups[group];
	bool broke = verdict == VERDICT_CORRUPT;

	if (id->mechanism->traits & MECH_READS_ONLY)
		return;
	if (verdict == VERDICT_REFUSED) {
		answer->refused++;
		keep_errno(answer, error);
		return;
	}
	/* after an oops nobody knows what the answer was */
	if (!broke && verdict != VERDICT_SAFE && verdict != VERDICT_EXPOSED)
		return;
	answer->accepted++;
	/*
	 * The pin itself is no hazard, what a device writes while it is held
	 * is: where none does, a promise that is kept shows nothing.
	 */
	if (group < ADMISSION_TRACKED &&
	    !(id->mechanism->traits & MECH_NO_WRITER) &&
	    id->scenario->not_mechanism & MECH_MOMENTARY) {
		admission->broke += broke;
		admission->kept += !broke;
	}
}

static void add_up(struct admission *sum, const struct admission *one)
{
	for (int i = 0; i < ADMISSION_TRACKED; i++) {
		sum->groups[i].accepted += one->groups[i].accepted;
		sum->groups[i].refused += one->groups[i].refused;
	}
	sum->kept += one->kept;
	sum->broke += one->broke;
}

static void count_tracked(const struct admission *admission, size_t *accepted,
			  size_t *refused)
{
	*accepted = *refused = 0;
	for (int i = 0; i < ADMISSION_TRACKED; i++) {
		*accepted += admission->groups[i].accepted;
		*refused += admission->groups[i].refused;
	}
}

/* Whether each mechanism has one answer to everything */
static bool depends_on_caller(const struct admission *const *list, size_t count)
{
	size_t accepted, refused;

	for (size_t i = 0; i < count; i++) {
		count_tracked(list[i], &accepted, &refused);
		if (accepted && refused)
			return false;
	}
	return true;
}

enum admission_policy admission_policy(const struct admission *const *list,
				       size_t count)
{
	struct admission sum = {.kept = 0};
	size_t accepted, refused;

	for (size_t i = 0; i < count; i++)
		add_up(&sum, list[i]);
	count_tracked(&sum, &accepted, &refused);
	if (!accepted)
		return refused ? POLICY_REFUSES : POLICY_UNKNOWN;
	if (refused)
		return depends_on_caller(list, count) ? POLICY_BY_CALLER
						      : POLICY_BY_MAPPING;
	return sum.kept && !sum.broke ? POLICY_TELLS : POLICY_ADMITS;
}
