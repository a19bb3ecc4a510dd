/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEDIA_IMAGE_H
#define MEDIA_IMAGE_H

/* Image: sparse files that hold a filesystem. */

#include <gupcheck/filesystem.h>
#include "base/error.h"

/**
 * image_template() - the pristine image of @filesystem
 * @workdir: where templates are kept, one per filesystem
 * @ret_path: receives the path, @size bytes
 *
 * Made with the filesystem's mkfs when it is not there yet; blocks of zeroes
 * are punched out of it. Return: 0 or -errno.
 */
int image_template(const struct filesystem *filesystem, const char *workdir,
		   char *ret_path, size_t size, struct error *error);

/**
 * image_copy() - a sparse copy
 * Return: descriptor of @to, opened for reading and writing, or -errno.
 */
int image_copy(const char *from, const char *to);

#endif
