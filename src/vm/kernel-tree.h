/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_KERNEL_TREE_H
#define VM_KERNEL_TREE_H

/* Kernel tree: finds image and modules in folders and packages. */

#include <limits.h>
#include "base/error.h"
#include "vm/arch.h"

/** struct kernel_files - paths; @modules is "" when there are none */
struct kernel_files {
	char image[PATH_MAX];
	char modules[PATH_MAX];
};

/**
 * kernel_tree_find() - look into an unpacked package or a build tree
 * Return: 0, or -errno with a line of @error.
 */
int kernel_tree_find(const struct arch *arch, const char *folder,
		     struct kernel_files *ret, struct error *error);

/**
 * kernel_debs_unpack() - unpack packages into the cache, or find them there
 * @list: paths of .deb files, joined by commas
 * @ret_folder: receives the folder
 * Return: 0, or -errno with a line of @error.
 */
int kernel_debs_unpack(const struct arch *arch, const char *list,
		       char ret_folder[PATH_MAX], struct error *error);

/**
 * kernel_modules_find() - the modules folder below or at @folder
 * @release: to choose by, or ""
 * Return: 0, or -ENOENT.
 */
int kernel_modules_find(const char *folder, const char *release,
			char ret[PATH_MAX]);

#endif
