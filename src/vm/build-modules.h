/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_BUILD_MODULES_H
#define VM_BUILD_MODULES_H

/* Build modules: those that lie among the sources and objects of a build. */

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

/**
 * struct build_modules - what modules.order lists
 * @folder, @release: of the build, absolute; not owned
 * @order: text of modules.order; owned
 * @count: modules that are there
 * @missing: modules that are listed only
 * @key: changes with any of them, with the release, and with the list of what
 *	is built in
 */
struct build_modules {
	const char *folder;
	const char *release;
	char *order;
	size_t count;
	size_t missing;
	uint64_t key;
};

/**
 * build_modules_look() - find them
 * Return: 0, also where nothing was built, or -errno.
 */
int build_modules_look(const char *folder, const char *release,
		       struct build_modules *ret);

/**
 * build_modules_lay_out() - make a modules folder of links to them
 * @cache: folder for this build; what it holds of an earlier state is removed
 * @ret: receives the lib/modules/RELEASE
 * Return: 0, or -errno with a line of @error.
 */
int build_modules_lay_out(const struct build_modules *modules,
			  const char *cache, char ret[PATH_MAX],
			  struct error *error);

/** build_modules_done() - free */
void build_modules_done(struct build_modules *modules);

#endif
