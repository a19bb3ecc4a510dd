/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_IMAGE_TAKE_H
#define RUNNER_IMAGE_TAKE_H

/*
 * Image take: packs the image that a cell left.
 *
 * A process of its own reads it: below a cell that hangs, a filesystem may hold
 * parts of it locked, and what waits for them must not be the run.
 */

#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

/** IMAGE_BYTES_MAX - of one packed image; those of stock kernels have 1 MiB */
#define IMAGE_BYTES_MAX (16 << 20)
/** IMAGE_PIECE - the most bytes that are handed on at a time */
#define IMAGE_PIECE 24576
/** IMAGE_LIMIT_S - what one may take, seconds; scaled by the limit factor */
#define IMAGE_LIMIT_S 60

/**
 * struct image_source
 * @path: of the image
 * @bytes_max: of the packed image
 * @limit_s: seconds
 */
struct image_source {
	const char *path;
	uint64_t bytes_max;
	double limit_s;
};

/** struct image_sink - @add: takes the next bytes; 0 or -errno */
struct image_sink {
	void *arg;
	int (*add)(void *arg, const void *data, size_t len);
};

/**
 * image_take() - pack an image, and hand it on piece by piece
 * @ret_bytes: receives the bytes that were handed on
 *
 * Return: 0, or -errno with a line of @error that says why there is none: too
 * large, too slow, interrupted, what the sink said.
 */
int image_take(const struct image_source *source, const struct image_sink *sink,
	       uint64_t *ret_bytes, struct error *error);

#endif
