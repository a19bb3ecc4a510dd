/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_MEMORY_FILE_H
#define CELL_MEMORY_FILE_H

/* Memory file: a file of memfd_create(2), and its seals. */

#include <stdbool.h>
#include "plan/plan.h"

/**
 * memory_file_create() - an empty one that can be sealed
 * @huge: of pages of the default huge page size
 * Return: a file descriptor, or -errno: -ENOSYS where the kernel has none.
 */
int memory_file_create(bool huge);

/**
 * memory_file_seal() - as the variant of a cell says
 * @fd: opened for reading and writing
 * @mapped: it is mapped now; seals of a variant have one time only
 * Return: 0 or -errno.
 */
int memory_file_seal(int fd, const struct cell_id *id, bool mapped);

#endif
