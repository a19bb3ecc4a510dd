/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_KERNEL_NAMED_H
#define VM_KERNEL_NAMED_H

/* Kernel named: a kernel by its release, series, or package. */

#include "vm/kernel-tree.h"

/**
 * kernel_named_find() - the files of a kernel that is installed here, or of a
 * stock kernel, which is fetched when it is absent
 * @root: the folder that stands for `/`; "" for the real one
 * @input: see kernel_is_name()
 * Return: 0, or -errno with a line of @error.
 */
int kernel_named_find(const struct arch *arch, const char *root,
		      const char *input, struct kernel_files *ret,
		      struct error *error);

#endif
