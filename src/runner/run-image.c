/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "media/stage.h"
#include "runner/image-store.h"
#include "runner/journal-image.h"
#include "runner/run-image.h"

static const char *path_of(const char *workdir, char buf[PATH_MAX])
{
	snprintf(buf, PATH_MAX, "%s/" STAGE_IMAGE, workdir);
	return buf;
}

bool run_image_there(const char *workdir)
{
	char path[PATH_MAX];

	return !access(path_of(workdir, path), F_OK);
}

void run_image_remove(const char *workdir)
{
	char path[PATH_MAX];

	unlink(path_of(workdir, path));
}

int run_image_keep(const struct run_options *options, const char *workdir,
		   double limit_factor, const struct cell_id *id,
		   bool unmounted)
{
	char path[PATH_MAX], name[IMAGE_NAME_SIZE], id_text[CELL_ID_SIZE];
	const struct image_source source = {
		.path = path_of(workdir, path),
		.bytes_max = IMAGE_BYTES_MAX,
		.limit_s = IMAGE_LIMIT_S * limit_factor,
	};
	struct record_image image = {.unmounted = unmounted};
	struct error error = {""};
	int ret;

	cell_id_format(id, id_text);
	image_name(options->release, id_text, name);
	ret = image_take(&source, &options->image, &image.bytes, &error);
	if (ret < 0) {
		options->image_end(options->image.arg, NULL);
	} else {
		ret = options->image_end(options->image.arg, name);
		if (ret < 0)
			error_set(&error, ret, "not kept:");
	}
	if (ret < 0)
		image.note = error.text;
	else
		image.file = name;
	if (ret == -EINTR)
		return ret;
	return journal_append(options->journal,
			      image_record(options->release, id_text, &image),
			      true);
}
