/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "runner/journal.h"
#include "runner/json-text.h"

size_t utf8_length(const unsigned char *text)
{
	size_t length = text[0] < 0x80	 ? 1
			: text[0] < 0xc2 ? 0
			: text[0] < 0xe0 ? 2
			: text[0] < 0xf0 ? 3
			: text[0] < 0xf5 ? 4
					 : 0;

	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, and what lies behind U+10FFFF */
	if ((text[0] == 0xe0 && text[1] < 0xa0) ||
	    (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) ||
	    (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

/* Overwrites what is not UTF-8 with `?`; whether there was anything. */
static bool make_utf8(char *text)
{
	bool changed = false;

	while (*text) {
		size_t length = utf8_length((unsigned char *)text);

		if (!length) {
			*text = '?';
			changed = true;
		}
		text += length ? length : 1;
	}
	return changed;
}

json_t *journal_text(const char *text)
{
	cleanup_free char *copy = strdup(text);

	if (!copy)
		return NULL;
	make_utf8(copy);
	return json_string(copy);
}

static void string_make_utf8(json_t *value)
{
	cleanup_free char *copy = strdup(json_string_value(value));

	if (copy && make_utf8(copy))
		json_string_set(value, copy);
}

void json_make_utf8(json_t *value)
{
	const char *key;
	json_t *entry;
	size_t i;

	json_object_foreach(value, key, entry)
	{
		json_make_utf8(entry);
	}
	json_array_foreach(value, i, entry)
	{
		json_make_utf8(entry);
	}
	if (json_is_string(value))
		string_make_utf8(value);
}
