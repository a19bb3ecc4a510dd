/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_IMAGE_STORE_H
#define RUNNER_IMAGE_STORE_H

/*
 * Image store: the packed images in the folder of a run, DIR/images/.
 *
 * A file has no name before it is whole, where the filesystem can do that: a
 * run that is killed leaves no half of one.
 */

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"

/** IMAGE_FOLDER - below the folder of a run */
#define IMAGE_FOLDER "images"
/** IMAGE_NAME_SIZE - of a name in it, its end included */
#define IMAGE_NAME_SIZE 256

/**
 * struct image_store - one image on its way; set @dir, @file is -1
 * @dir: of the run
 * @named: it had to have a name from the beginning
 */
struct image_store {
	const char *dir;
	int file;
	bool named;
};

/** image_name() - of the image of a cell, below the folder of its run */
const char *image_name(const char *release, const char *id,
		       char buf[IMAGE_NAME_SIZE]);

/** image_name_last() - the last part of a name */
const char *image_name_last(const char *name);

/** image_name_good() - whether a journal may name this file */
bool image_name_good(const char *name);

/** image_store_add() - the next bytes; 0 or -errno */
int image_store_add(struct image_store *store, const void *data, size_t len);

/**
 * image_store_keep() - it is whole: put it where @name says, on disk
 *
 * One of that name is replaced. Return: 0 or -errno.
 */
int image_store_keep(struct image_store *store, const char *name);

/** image_store_drop() - forget it; no harm where there is none */
void image_store_drop(struct image_store *store);

/**
 * image_store_copy() - copy a packed image out of a run
 * @path: the journal, as for journal_load()
 * @name: what it names
 * @dir: folder of another run, or any other
 * @to: name in there
 *
 * Return: 0 or -errno with a line of @error.
 */
int image_store_copy(const char *path, const char *name, const char *dir,
		     const char *to, struct error *error);

#endif
