/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "judge/expect.h"

static bool rule_covers(const struct rule *rule, const char *id,
			const char *release)
{
	return glob_match(rule->glob, id) &&
	       kernel_range_matches(rule->kernels, release) == 1;
}

static struct rule *rule_find(const struct rule_set *set,
			      const struct cell_id *id, const char *release)
{
	char text[CELL_ID_SIZE];

	if (!set)
		return NULL;
	cell_id_format(id, text);
	for (size_t i = 0; i < set->count; i++)
		if (rule_covers(&set->rules[i], text, release))
			return &set->rules[i];
	return NULL;
}

bool rule_expired(const struct rule_set *set, const struct rule *rule)
{
	/* days in this form are ordered as text */
	return rule->until && strcmp(set->today, rule->until) > 0;
}

char *rule_tell(const struct rule_set *set, const struct rule *rule,
		enum verdict verdict, enum outcome outcome)
{
	bool listed = rule->verdicts & 1u << verdict;
	char *text;
	int len;

	if (outcome != OUTCOME_UNEXPECTED)
		len = asprintf(&text, "%s (%s)", rule->reason, rule->link);
	else if (listed && rule_expired(set, rule))
		len = asprintf(&text, "%s (%s); the rule expired on %s",
			       rule->reason, rule->link, rule->until);
	else
		len = asprintf(&text, "%s (%s); the rule does not list %s",
			       rule->reason, rule->link,
			       verdict_to_string(verdict));
	return len < 0 ? NULL : text;
}

/* Whether on each kernel a rule before that at @index covers a cell */
static bool is_shadowed(const struct rule_set *set, size_t index,
			const char *id)
{
	const char *kernels = set->rules[index].kernels;

	for (size_t i = 0; i < index; i++) {
		const struct rule *other = &set->rules[i];

		if ((!strcmp(other->kernels, "*") ||
		     !strcmp(other->kernels, kernels)) &&
		    glob_match(other->glob, id))
			return true;
	}
	return false;
}

enum rule_use rule_use(const struct rule_set *set, size_t index)
{
	enum rule_use use = RULE_SHADOWED;
	struct error error = {""};
	struct plan plan = {NULL};
	char id[CELL_ID_SIZE];
	int ret = plan_build(&set->rules[index].glob, 1, &plan, &error);

	/* fakes are planned only where they are named, but they are covered */
	if (ret < 0)
		return ret == -EINVAL && !set->rules[index].matched
			       ? RULE_DEAD
			       : RULE_USEFUL;
	for (size_t i = 0; use == RULE_SHADOWED && i < plan.count; i++)
		if (!is_shadowed(set, index,
				 cell_id_format(&plan.cells[i], id)))
			use = RULE_USEFUL;
	plan_done(&plan);
	return use;
}

static bool is_default(const struct cell_id *id, enum verdict verdict)
{
	return verdict ==
	       (cell_id_must_refuse(id) ? VERDICT_REFUSED : VERDICT_SAFE);
}

static enum outcome compare(const struct rule_set *set, const struct rule *rule,
			    const struct cell_id *id, enum verdict verdict)
{
	bool expected = is_default(id, verdict);
	bool listed = rule && rule->verdicts & 1u << verdict;

	if (!rule)
		return expected ? OUTCOME_AS_EXPECTED : OUTCOME_UNEXPECTED;
	if (!expected)
		return listed && !rule_expired(set, rule) ? OUTCOME_KNOWN_ISSUE
							  : OUTCOME_UNEXPECTED;
	return listed ? OUTCOME_AS_EXPECTED : OUTCOME_FIXED;
}

uint32_t expect_not(const struct rule_set *set, const struct cell_id *id,
		    const char *release)
{
	const struct rule *rule = rule_find(set, id, release);
	uint32_t verdicts = 0;

	for (enum verdict at = 0; verdict_is_answer(at); at++)
		if (compare(set, rule, id, at) == OUTCOME_UNEXPECTED)
			verdicts |= 1u << at;
	return verdicts;
}

enum outcome expect(struct rule_set *set, const struct cell_id *id,
		    const char *release, enum verdict verdict,
		    const struct rule **ret_rule)
{
	struct rule *rule = rule_find(set, id, release);
	enum outcome outcome;

	if (ret_rule)
		*ret_rule = NULL;
	if (rule)
		rule->matched++;
	if (!verdict_is_answer(verdict))
		return OUTCOME_NONE;
	if (ret_rule)
		*ret_rule = rule;
	outcome = compare(set, rule, id, verdict);
	if (outcome == OUTCOME_FIXED)
		rule->better++;
	return outcome;
}
