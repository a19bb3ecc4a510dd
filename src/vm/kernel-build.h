/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_KERNEL_BUILD_H
#define VM_KERNEL_BUILD_H

/*
 * Kernel build: the folder that a kernel was built in, its source or the O= of
 * it. Nothing is written there, and nothing in it is run.
 */

#include <limits.h>
#include <stdbool.h>
#include "base/error.h"
#include "vm/arch.h"

/** kernel_build_is() - whether a kernel was built in @folder */
bool kernel_build_is(const char *folder);

/**
 * kernel_build_image() - what was built last: the boot image, or an ELF kernel
 * that is newer
 * @ret: receives its path
 * Return: 1; 0 when @folder holds none of both; -ESTALE with a line of @error
 * when the newer one cannot be started.
 */
int kernel_build_image(const struct arch *arch, const char *folder,
		       char ret[PATH_MAX], struct error *error);

/**
 * kernel_build_modules() - lay links to the modules of a build out in the
 * cache, as `make modules_install` would install them
 * @ret: receives their lib/modules/RELEASE; "" when there are none
 * @note: receives one line on modules that were not built; "" without any
 *
 * As often as it is asked, until a module changes, that is the same folder.
 * Return: 0, or -errno with a line of @error.
 */
int kernel_build_modules(const char *folder, char ret[PATH_MAX],
			 struct error *note, struct error *error);

#endif
