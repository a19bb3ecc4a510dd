/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "judge/expect.h"

static struct rule *rule_find(struct rule_set *set, const struct cell_id *id,
			      const char *release)
{
	char text[CELL_ID_SIZE];

	if (!set)
		return NULL;
	cell_id_format(id, text);
	for (size_t i = 0; i < set->count; i++) {
		struct rule *rule = &set->rules[i];

		if (glob_match(rule->glob, text) &&
		    kernel_range_matches(rule->kernels, release) == 1)
			return rule;
	}
	return NULL;
}

enum outcome expect(struct rule_set *set, const struct cell_id *id,
		    const char *release, enum verdict verdict,
		    const struct rule **ret_rule)
{
	bool expected = verdict == (cell_id_must_refuse(id) ? VERDICT_REFUSED
							    : VERDICT_SAFE);
	struct rule *rule = rule_find(set, id, release);
	bool listed = rule && rule->verdicts & 1u << verdict;

	if (ret_rule)
		*ret_rule = NULL;
	if (rule)
		rule->matched++;
	if (!verdict_is_answer(verdict))
		return OUTCOME_NONE;
	if (ret_rule)
		*ret_rule = rule;

	if (!rule)
		return expected ? OUTCOME_AS_EXPECTED : OUTCOME_UNEXPECTED;
	if (!expected)
		return listed ? OUTCOME_KNOWN_ISSUE : OUTCOME_UNEXPECTED;
	if (listed)
		return OUTCOME_AS_EXPECTED;
	rule->better++;
	return OUTCOME_FIXED;
}
