/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/decode.h"

static int want_record(const struct record *record, struct places *places)
{
	const char *lines[STACK_MAX];
	size_t count = stack_find(record->log, record->log_count, lines);
	int ret = 0;

	for (size_t i = 0; !ret && i < record->evidence_count; i++)
		ret = places_want(places, record->evidence[i]);
	for (size_t i = 0; !ret && i < count; i++)
		ret = places_want(places, lines[i]);
	return ret;
}

int decode_want(const struct comparison *comparison, struct places *places)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < comparison->count; i++) {
		const struct pair *pair = &comparison->pairs[i];

		/* what did not change is not shown */
		if (pair->old && pair->new && pair->change != CHANGE_SAME &&
		    pair->change != CHANGE_UNANSWERED)
			ret = want_record(pair->new, places);
	}
	return ret;
}
