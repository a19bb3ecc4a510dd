/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_MODULE_H
#define KERNEL_MODULE_H

/*
 * Kernel modules. On a machine they are loaded with modprobe and, if it was us
 * who loaded them, removed again. In a guest of ours they lie in
 * /gupcheck/modules, where a file NAME.order lists the .ko files to load, one
 * path a line, dependencies first; a path without a slash in front is relative
 * to that folder. `-` and `_` in names are equal.
 */

#include <stdbool.h>

/** module_present() - loaded or built in */
bool module_present(const char *name);

/**
 * module_present_at() - the same below @root, see "kernel/root.h"
 *
 * Looks at /sys/module and at modules.builtin of the release in
 * /proc/sys/kernel/osrelease.
 */
bool module_present_at(int root, const char *name);

/**
 * module_load() - 0 when it is present afterwards, or -errno
 *
 * -ENOENT: there is no such module, or the kernel has no modules at all.
 */
int module_load(const char *name);

/**
 * modules_unload() - remove what module_load() loaded, newest first
 *
 * Includes the dependencies that came along. A module that somebody uses stays.
 */
void modules_unload(void);

#endif
