/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "runner/journal-sight.h"

/* Those that tell how far the cell came, and what its data was like */
static bool is_sight(enum fact_kind kind)
{
	return kind == FACT_STEP_END || kind == FACT_STEP_BLOCKED ||
	       kind == FACT_STEP_HUNG || kind == FACT_CONTROL ||
	       kind == FACT_PIN || kind == FACT_LANDED || kind == FACT_READ ||
	       kind == FACT_UNREADABLE;
}

static unsigned int view_from_string(const char *word)
{
	for (unsigned int view = VIEW_CACHED; view <= VIEW_DEVICE; view <<= 1)
		if (word && !strcmp(word, view_to_string(view)))
			return view;
	return 0;
}

static int add_sight(struct record *record, const json_t *fact)
{
	const char *word = json_string_value(json_object_get(fact, "kind"));
	const char *name = json_string_value(json_object_get(fact, "name"));
	json_int_t offset = json_integer_value(json_object_get(fact, "offset"));
	json_int_t value = json_integer_value(json_object_get(fact, "value"));
	struct sight *sight = &record->sights[record->sight_count];
	enum fact_kind kind;

	if (!word || fact_kind_from_string(word, &kind) < 0 || !is_sight(kind))
		return 0;
	if (value < INT_MIN || value > INT_MAX || offset < 0)
		return -EINVAL;
	*sight = (struct sight){
		.kind = kind,
		.name = strdup(name ? name : ""),
		.value = (int)value,
		.view = view_from_string(
			json_string_value(json_object_get(fact, "view"))),
		.offset = (uint64_t)offset,
	};
	if (!sight->name)
		return -ENOMEM;
	record->sight_count++;
	return 0;
}

static int load_facts(struct loader *loader, const json_t *facts,
		      struct record *record)
{
	size_t count = json_array_size(facts);

	if (facts && !json_is_array(facts))
		return loader_corrupt(loader, "facts");
	record->sights = calloc(count + 1, sizeof(*record->sights));
	if (!record->sights)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		int ret = add_sight(record, json_array_get(facts, i));

		if (ret < 0)
			return ret == -EINVAL ? loader_corrupt(loader, "facts")
					      : ret;
	}
	return 0;
}

/* The strings of an array that may be missing */
static int load_list(struct loader *loader, const json_t *line, const char *key,
		     char ***ret, size_t *ret_count)
{
	const json_t *list = json_object_get(line, key);
	size_t count = json_array_size(list);

	if (list && !json_is_array(list))
		return loader_corrupt(loader, key);
	*ret = calloc(count + 1, sizeof(**ret));
	if (!*ret)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (!text)
			return loader_corrupt(loader, key);
		(*ret)[i] = strdup(text);
		if (!(*ret)[i])
			return -ENOMEM;
		++*ret_count;
	}
	return 0;
}

int load_sights(struct loader *loader, const json_t *line,
		struct record *record)
{
	int ret;

	record_drop_sights(record);
	ret = load_list(loader, line, "evidence", &record->evidence,
			&record->evidence_count);
	if (!ret)
		ret = load_list(loader, line, "log", &record->log,
				&record->log_count);
	return ret ? ret
		   : load_facts(loader, json_object_get(line, "facts"), record);
}
