/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CONFIG_H
#define KERNEL_CONFIG_H

#include <stdbool.h>

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

/** config_known() - whether config_built_in() has anything to look at */
bool config_known(int root);

#endif
