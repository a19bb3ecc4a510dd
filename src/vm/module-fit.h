/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_MODULE_FIT_H
#define VM_MODULE_FIT_H

/*
 * Module fit: whether modules were built for a kernel, by the "vermagic" that
 * both carry (include/linux/vermagic.h) and the kernel compares when it loads
 * one: release and the options that change its interfaces.
 */

#include "base/error.h"
#include "vm/boot-image.h"

/**
 * module_fit_check() - look at one of the modules
 * @input: what the user called the kernel
 * @folder: .../lib/modules/RELEASE; its last part is the kernel's release
 * @image: the kernel; where it was not unpacked the release alone is compared
 *
 * What cannot be read, or names no vermagic, is left to the kernel to refuse.
 * Return: 0, or -ENOEXEC with a line of @error.
 */
int module_fit_check(const char *input, const char *folder,
		     const struct boot_image *image, struct error *error);

#endif
