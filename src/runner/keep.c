/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "runner/keep.h"

static const char *const words[] = {
	[KEEP_UNEXPECTED] = "unexpected",
	[KEEP_ALL] = "all",
};

int keep_from_string(const char *word, enum keep *ret)
{
	for (enum keep at = KEEP_UNEXPECTED; at <= KEEP_ALL; at++) {
		if (strcmp(word, words[at]) != 0)
			continue;
		*ret = at;
		return 0;
	}
	return -EINVAL;
}

const char *keep_to_string(enum keep keep)
{
	return words[keep];
}

uint32_t keep_verdicts(enum keep keep, const struct rule_set *rules,
		       const struct cell_id *id, const char *release)
{
	/* without an answer there is nothing to compare, and much to look at */
	const uint32_t lost = 1u << VERDICT_BROKEN | 1u << VERDICT_HUNG |
			      1u << VERDICT_VANISHED;
	const uint32_t every = (1u << VERDICT_COUNT) - 1;

	if (keep == KEEP_NONE || !id->filesystem->mkfs)
		return 0;
	if (keep == KEEP_ALL)
		return every & ~(1u << VERDICT_SKIPPED);
	return lost | expect_not(rules, id, release);
}

uint32_t *keep_plan(enum keep keep, const struct rule_set *rules,
		    const struct plan *plan, const char *release)
{
	uint32_t *verdicts = calloc(plan->count + 1, sizeof(*verdicts));

	for (size_t i = 0; verdicts && i < plan->count; i++)
		verdicts[i] =
			keep_verdicts(keep, rules, &plan->cells[i], release);
	return verdicts;
}
