/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CONFIG_H
#define KERNEL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

/**
 * config_built_in() - whether the kernel says that @symbol is built in
 * @root: see "kernel/root.h"
 * @symbol: `CONFIG_VETH`
 *
 * For kernels without loadable modules: they have no modules.builtin, and a
 * module without parameters leaves no trace in /sys/module. Looks at
 * /gupcheck/config (in a guest), /boot/config-RELEASE and /proc/config.gz,
 * which the program gzip unpacks; false where neither can be read.
 */
bool config_built_in(int root, const char *symbol);

/**
 * config_read() - the whole configuration of the running kernel
 * @ret: receives a heap string
 * @ret_path: receives where it was found, @size bytes
 * Return: 0, -ENOENT where there is none, or another -errno.
 */
int config_read(int root, char **ret, char *ret_path, size_t size);

/**
 * config_value() - what a configuration says of @symbol
 * @text: lines such as `CONFIG_VETH=m`
 * @symbol: `CONFIG_VETH`, or `CONFIG_NR_UARTS>=2` for one that is a number
 * Return: `y`, `m`, or `n`, also where the symbol is not mentioned.
 */
char config_value(const char *text, const char *symbol);

/** config_known() - whether config_built_in() has anything to look at */
bool config_known(int root);

#endif
