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

/** enum module_state - what module_load() would find */
enum module_state {
	MODULE_ABSENT,
	MODULE_BARRED, /* modules may not be loaded, or modprobe.d(5) gives
			* another command in place of this one */
	MODULE_LOADABLE, /* on the disk, to be loaded */
	MODULE_PRESENT, /* loaded or built in */
};

/**
 * module_look() - what module_load() would do on this machine; changes nothing
 *
 * A module that is only blacklisted in modprobe.d(5) is loadable: that keeps it
 * from being loaded for hardware, not from being loaded by its name.
 */
enum module_state module_look(const char *name);

/** module_plan_parse() - what `modprobe --show-depends` wrote */
enum module_state module_plan_parse(const char *plan);

/**
 * struct module_watch - is told of each module that is loaded on a machine
 * @note: before it is loaded; not 0: it is not loaded, that is what
 *	module_load() returns
 * @forget: after it was unloaded
 */
struct module_watch {
	void *arg;
	int (*note)(void *arg, const char *name);
	void (*forget)(void *arg, const char *name);
};

/** modules_watch() - from now on; NULL: nobody any more. Not copied. */
void modules_watch(const struct module_watch *watch);

/**
 * module_users() - how many references a loaded module has
 * Return: -ENOENT when it is built in or not there, or another -errno.
 */
int module_users(const char *name);

/** module_unload() - 0, -EBUSY when somebody uses it, or another -errno */
int module_unload(const char *name);

/**
 * modules_unload() - remove what module_load() loaded, newest first
 *
 * Includes the dependencies that came along. A module that somebody uses stays.
 */
void modules_unload(void);

#endif
