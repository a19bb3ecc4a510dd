/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_MAPPING_H
#define CELL_MAPPING_H

/*
 * Mapping: the memory that a worker pins, in the shape that the variant of its
 * cell wants. A byte of the mapping has the offset of the file's byte, whatever
 * is mapped there, so that one pattern says what each of them has to hold.
 */

#include <gupcheck/pattern.h>
#include "cell/worker.h"

/** mapping_make() - open the file, map it. Return: 0 or -errno */
int mapping_make(struct worker *worker);

/** mapping_file() - map the file again, whole. Return: NULL after a failure */
char *mapping_file(struct worker *worker, int flags);

/**
 * mapping_prepare() - touch, clean, lock, share the pages as the variant says
 * Return: 0 or -errno.
 */
int mapping_prepare(struct worker *worker);

/**
 * mapping_touch_late() - what was not to be present before the pin is touched
 *
 * Memory that cannot be used kills the worker here: the errno for a refused
 * page and for a wrong pointer is the same.
 */
void mapping_touch_late(struct worker *worker);

/** mapping_range() - the piece to pin of @len bytes at @addr */
struct range mapping_range(const struct worker *worker, char *addr, size_t len);

/** mapping_done() - let go of what keeps the mapping besides the worker */
void mapping_done(struct worker *worker);

/**
 * mapping_landing() - where a device write is to be seen
 * @window: bytes that are looked at
 * @in_file: looked at through the pinned file, not through the memory
 */
struct landing mapping_landing(const struct cell_id *id, size_t window,
			       bool in_file);

/** mapping_flag() - whether the variant of @id has one of @flags */
bool mapping_flag(const struct cell_id *id, unsigned int flags);

#endif
