/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge/condition.h"

static int parse_word(const char *word, struct condition *ret,
		      struct error *error)
{
	enum verdict verdict;
	enum outcome outcome;

	if (!verdict_from_string(word, &verdict)) {
		ret->verdicts = 1u << verdict;
		/* nothing was said about the kernel: never good, nor bad */
		if (verdict == VERDICT_SKIPPED || verdict == VERDICT_BROKEN)
			return error_set(
				error, -EINVAL,
				"%s: says nothing about the kernel, so nothing can be concluded from it: give another word",
				word);
		return 0;
	}
	if (!outcome_from_string(word, &outcome) && outcome != OUTCOME_NONE) {
		ret->outcomes = 1u << outcome;
		return 0;
	}
	return error_set(
		error, -EINVAL,
		"%s: no verdict and no outcome: give safe, refused, exposed, corrupt, oops, hung, vanished, unexpected, as-expected, known-issue or fixed",
		word);
}

static int parse_one(char *text, struct condition *ret, struct error *error)
{
	char *part = strchr(text, '~');

	if (part) {
		*part++ = '\0';
		ret->text = part;
	}
	part = strchr(text, '=');
	if (part) {
		*part++ = '\0';
		ret->error = part;
		if (!errno_from_name(part))
			return error_set(
				error, -EINVAL,
				"%s: no errno: give a name such as EFAULT",
				part);
	}
	return parse_word(text, ret, error);
}

int conditions_parse(const char *text, struct conditions *ret,
		     struct error *error)
{
	char *rest, *one;
	int result = 0;

	*ret = (struct conditions){.copy = strdup(text)};
	rest = ret->copy;
	if (!rest)
		return error_set(error, -ENOMEM, "%s:", text);
	while (!result && (one = strsep(&rest, ","))) {
		if (ret->count == CONDITIONS_MAX)
			result = error_set(
				error, -E2BIG,
				"%s: no more than %d conditions at once", text,
				CONDITIONS_MAX);
		else
			result = parse_one(one, &ret->items[ret->count++],
					   error);
	}
	if (result < 0)
		conditions_done(ret);
	return result;
}

void conditions_done(struct conditions *conditions)
{
	free(conditions->copy);
	*conditions = (struct conditions){.count = 0};
}

static bool match(const struct condition *condition,
		  const struct change_side *side, enum outcome outcome)
{
	if (condition->verdicts ? !(condition->verdicts & 1u << side->verdict)
				: !(condition->outcomes & 1u << outcome))
		return false;
	if (condition->error &&
	    (!side->error || strcmp(condition->error, side->error) != 0))
		return false;
	return !condition->text || strstr(side->reason, condition->text);
}

bool conditions_match(const struct conditions *conditions,
		      const struct change_side *side, enum outcome outcome)
{
	for (size_t i = 0; i < conditions->count; i++)
		if (match(&conditions->items[i], side, outcome))
			return true;
	return false;
}
