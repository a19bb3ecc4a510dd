/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_JOURNAL_IMAGE_H
#define RUNNER_JOURNAL_IMAGE_H

/* Journal image: what is written, and read back, of an image that was kept. */

#include "runner/journal-line.h"

/**
 * image_record() - the record behind the end of a cell
 * @image: with a file or a note
 * Return: a new reference, or NULL without memory.
 */
json_t *image_record(const char *release, const char *id,
		     const struct record_image *image);

/** image_promise() - an end record said that one follows; 0 or -ENOMEM */
int image_promise(const json_t *line, struct record *record);

/** image_load() - read one back; 0, -EINVAL or -ENOMEM */
int image_load(struct loader *loader, const json_t *line,
	       struct record *record);

#endif
