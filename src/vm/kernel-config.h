/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_KERNEL_CONFIG_H
#define VM_KERNEL_CONFIG_H

/* Kernel config: where the configuration of a kernel to be booted lies. */

#include "vm/kernel.h"

/**
 * kernel_config_read() - find and read it
 * @ret: receives a heap string
 * @ret_where: receives a path, PATH_MAX bytes
 *
 * Looks beside the image (config-RELEASE), in the build tree (.config), in the
 * modules folder (config), and at what the image carries (CONFIG_IKCONFIG).
 * Return: 0, -ENOENT where there is none, or another -errno.
 */
int kernel_config_read(const struct arch *arch, const struct kernel *kernel,
		       char **ret, char *ret_where);

#endif
