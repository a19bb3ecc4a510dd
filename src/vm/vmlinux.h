/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_VMLINUX_H
#define VM_VMLINUX_H

/* Vmlinux: finds the one that a stored run was of. */

#include <limits.h>
#include "base/error.h"

/**
 * vmlinux_find() - the vmlinux beside what was booted, if it still is the same
 * @folder: that a relative @input is relative to, or NULL
 * @input: the --kernel of the run: a build tree, its boot image, or a vmlinux
 * @image: identifies the content of what was booted, as in the journal
 *
 * Return: 0; -ENOENT where there is none; -ESTALE with a line of @error when it
 * was built anew since.
 */
int vmlinux_find(const char *folder, const char *input, const char *image,
		 char ret[PATH_MAX], struct error *error);

#endif
