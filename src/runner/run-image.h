/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_RUN_IMAGE_H
#define RUNNER_RUN_IMAGE_H

#include "runner/run.h"

/** run_image_there() - whether a cell left an image in @workdir */
bool run_image_there(const char *workdir);

/**
 * run_image_keep() - keep the image in @workdir, and write its record
 * @unmounted: as for struct record_image
 *
 * What goes wrong with the image is a note in the record. Return: 0, -EINTR, or
 * the error of the journal.
 */
int run_image_keep(const struct run_options *options, const char *workdir,
		   double limit_factor, const struct cell_id *id,
		   bool unmounted);

/** run_image_remove() - remove the image in @workdir, if there is one */
void run_image_remove(const char *workdir);

#endif
