/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner/image-store.h"
#include "runner/journal-image.h"
#include "runner/journal.h"

#define LOST "not kept: the run ended before all of it was there"

json_t *image_record(const char *release, const char *id,
		     const struct record_image *image)
{
	if (image->file)
		return json_pack("{ss ss ss ss sI sb}", "type", "image",
				 "kernel", release, "id", id, "file",
				 image->file, "bytes", (json_int_t)image->bytes,
				 "unmounted", image->unmounted);
	return json_pack("{ss ss ss so}", "type", "image", "kernel", release,
			 "id", id, "note",
			 journal_text(image->note ? image->note : ""));
}

int image_promise(const json_t *line, struct record *record)
{
	record_drop_image(record);
	if (!json_is_true(json_object_get(line, "image")))
		return 0;
	record->image.note = strdup(LOST);
	return record->image.note ? 0 : -ENOMEM;
}

int image_load(struct loader *loader, const json_t *line, struct record *record)
{
	const char *file = json_string_value(json_object_get(line, "file"));
	const char *note = json_string_value(json_object_get(line, "note"));
	json_int_t bytes = json_integer_value(json_object_get(line, "bytes"));
	char **text;

	if (!file == !note || bytes < 0)
		return loader_corrupt(loader, "image");
	/* it is opened by that name where a bundle is made */
	if (file && !image_name_good(file))
		return loader_corrupt(loader, "file");
	record_drop_image(record);
	text = file ? &record->image.file : &record->image.note;
	*text = strdup(file ? file : note);
	record->image.bytes = (uint64_t)bytes;
	record->image.unmounted =
		json_is_true(json_object_get(line, "unmounted"));
	return *text ? 0 : -ENOMEM;
}
