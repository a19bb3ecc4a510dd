/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "runner/image-store.h"
#include "runner/journal-line.h"
#include "runner/slice.h"

static bool says(const json_t *line, const char *key, const char *text)
{
	const char *value = json_string_value(json_object_get(line, key));

	return value && !strcmp(value, text);
}

static bool is_wanted(const json_t *line, const struct record *record)
{
	if (says(line, "type", "command"))
		return true;
	if (!says(line, "kernel", record->kernel))
		return false;
	return !json_object_get(line, "id") || says(line, "id", record->id);
}

/* The image lies beside the slice, not in a folder below */
static int move_image(json_t *line)
{
	const char *file = json_string_value(json_object_get(line, "file"));

	if (!file || !says(line, "type", "image"))
		return 0;
	return json_object_set_new(line, "file",
				   json_string(image_name_last(file)));
}

/* Only complete lines are records: what is torn at the end is none. */
static int add_line(struct journal *to, const char *text, size_t len,
		    const struct record *record)
{
	json_t *line = json_loadb(text, len, 0, NULL);
	int ret = 0;

	if (!line || !is_wanted(line, record)) {
		json_decref(line);
		return 0;
	}
	if (json_object_get(line, "cells"))
		ret = json_object_set_new(
			line, "cells",
			json_pack("[o]", journal_text(record->id)));
	if (ret < 0 || move_image(line) < 0) {
		json_decref(line);
		return -ENOMEM;
	}
	return journal_append(to, line, false);
}

static int add_lines(struct journal *to, FILE *from,
		     const struct record *record)
{
	cleanup_free char *text = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&text, &room, from)) >= 0) {
		int ret = add_line(to, text, (size_t)len, record);

		if (ret < 0)
			return ret;
	}
	return ferror(from) ? -EIO : 0;
}

int slice_write(const char *path, const struct record *record, const char *dir,
		struct error *error)
{
	cleanup_fclose FILE *from = journal_open(path);
	struct journal *to;
	int ret;

	if (!from)
		return error_set(error, -errno, "cannot read %s:", path);
	ret = journal_create(&to, dir, error);
	if (ret < 0)
		return ret;
	ret = add_lines(to, from, record);
	journal_close(to);
	return ret < 0 ? error_set(error, ret, "%s:", dir) : 0;
}
