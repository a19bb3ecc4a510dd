/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PLAN_NEAR_H
#define PLAN_NEAR_H

/* Near: what somebody may have meant who wrote an unknown name. */

#include <stdbool.h>
#include <stddef.h>

/** enum axis - the three tables */
enum axis { AXIS_MECHANISM, AXIS_FILESYSTEM, AXIS_SCENARIO, AXIS_COUNT };

/** axis_word() - `mechanism`, or `mechanisms` */
const char *axis_word(enum axis axis, bool plural);

/** axis_entry() - the @index-th name of @axis, or NULL behind the last */
const char *axis_entry(enum axis axis, size_t index);

/** axis_is_fake() - whether that entry is one of the harness's own */
bool axis_is_fake(enum axis axis, size_t index);

/** axis_has() - whether @axis has an entry of that name, @len bytes */
bool axis_has(enum axis axis, const char *name, size_t len);

/**
 * near_text() - the mend for an unknown name, in words
 * @name: @len bytes that are no entry of @axis
 * @buf: receives `the nearest is rdma_mr`, or `ext4 is a filesystem`, or, when
 *	nothing is near, `mechanisms are af_xdp, io_uring_fixed, …`; fakes are
 *	left out
 *
 * Return: @buf.
 */
const char *near_text(enum axis axis, const char *name, size_t len, char *buf,
		      size_t size);

/**
 * near_word() - the entry of a table that @name may have been meant to be
 * @word: the @index-th entry, or NULL behind the last
 * Return: the entry, or NULL when more than a third of the letters is wrong.
 */
const char *near_word(const char *name, const char *(*word)(size_t index));

#endif
