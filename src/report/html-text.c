/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/html.h"
#include "report/print.h"

/* Of three bytes, as all are that matter here; 0 for others. */
static unsigned int decode(const unsigned char *text)
{
	if (text[0] >> 4 != 0xe || text[1] >> 6 != 2 || text[2] >> 6 != 2)
		return 0;
	return (text[0] & 0xfu) << 12 | (text[1] & 0x3fu) << 6 |
	       (text[2] & 0x3fu);
}

/* Characters that nobody sees, and that show a line as what it is not. */
static bool is_misleading(unsigned int character)
{
	return (character >= 0x200b && character <= 0x200f) ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2060 && character <= 0x206f) ||
	       character == 0xfeff;
}

static size_t put_character(FILE *out, const char *text)
{
	unsigned int character = decode((const unsigned char *)text);

	if (*text == '\n' || *text == '\t') {
		fputc(' ', out);
		return 1;
	}
	if (is_misleading(character)) {
		fprintf(out, "\\u%04x", character);
		return 3;
	}
	return print_character(out, text);
}

json_t *html_string(const char *text)
{
	cleanup_free char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return NULL;
	while (*text)
		text += put_character(out, text);
	return fclose(out) == EOF ? NULL : json_string(line);
}

int html_pool_add(struct html_pool *pool, json_t *value)
{
	cleanup_free char *text = NULL;
	json_t *found;
	int index;

	text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	found = text ? json_object_get(pool->index, text) : NULL;
	if (found) {
		json_decref(value);
		return (int)json_integer_value(found);
	}
	index = (int)json_array_size(pool->list);
	if (!text ||
	    json_object_set_new(pool->index, text, json_integer(index)) < 0) {
		json_decref(value);
		return -ENOMEM;
	}
	return json_array_append_new(pool->list, value) < 0 ? -ENOMEM : index;
}

int html_pool_text(struct html_pool *pool, const char *text, int *ret)
{
	*ret = text ? html_pool_add(pool, html_string(text)) : -1;
	return *ret < -1 ? *ret : 0;
}

int html_set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) < 0 ? -ENOMEM : 0;
}

int html_append(json_t *array, json_t *value)
{
	return json_array_append_new(array, value) < 0 ? -ENOMEM : 0;
}
