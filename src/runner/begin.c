/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include "kernel/boot-id.h"
#include "runner/begin.h"

const char *begin_image(uint64_t image, char buf[BEGIN_IMAGE_SIZE])
{
	snprintf(buf, BEGIN_IMAGE_SIZE, "%016" PRIx64, image);
	return buf;
}

json_t *begin_cells(const struct plan *plan)
{
	json_t *ids = json_array();
	char id[CELL_ID_SIZE];

	for (size_t i = 0; i < plan->count; i++)
		json_array_append_new(
			ids, json_string(cell_id_format(&plan->cells[i], id)));
	return ids;
}

static json_t *begin_record(const struct begin *begin)
{
	char stamp[32], boot[BOOT_ID_SIZE], image[BEGIN_IMAGE_SIZE];
	time_t seconds = time(NULL);
	struct tm tm;

	boot_id_read(boot);
	gmtime_r(&seconds, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_pack(
		"{ss si ss ss ss ss ss ss? so ss? ss?}", "type", "begin",
		"schema", 1, "gupcheck", GUPCHECK_VERSION, "kernel",
		begin->release, "machine", begin->machine, "accelerator",
		begin->accelerator, "time", stamp, "boot",
		boot[0] ? boot : NULL, "input",
		begin->input ? journal_text(begin->input) : json_null(),
		"image", begin->input ? begin_image(begin->image, image) : NULL,
		"config", begin->config);
}

int begin_write(struct journal *journal, const struct plan *plan,
		const struct begin *begin)
{
	int ret = journal_append(journal, begin_record(begin), false);

	if (ret < 0)
		return ret;
	return journal_append(journal,
			      json_pack("{ss ss so}", "type", "plan", "kernel",
					begin->release, "cells",
					begin_cells(plan)),
			      true);
}
