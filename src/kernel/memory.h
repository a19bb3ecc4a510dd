/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_MEMORY_H
#define KERNEL_MEMORY_H

#include "base/error.h"

/**
 * memory_check() - whether so much memory is available
 * @root: see "kernel/root.h"
 * @mib: wanted, MiB
 * @what: wants it, e.g. `images need`
 * @mend: what to do otherwise
 *
 * By MemAvailable of /proc/meminfo (proc(5)): what is cached makes room when it
 * is wanted. Return: 0; -ENOSPC, or another -errno, with a line of @error.
 */
int memory_check(int root, unsigned int mib, const char *what, const char *mend,
		 struct error *error);

#endif
