/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CONFIG_HASH_H
#define KERNEL_CONFIG_HASH_H

/*
 * Config hash: tells configurations apart. It is the SHA-256 of all lines that
 * begin with `CONFIG_`, sorted by their bytes:
 *
 *	grep ^CONFIG_ .config | LC_ALL=C sort | sha256sum
 */

#include "base/sha256.h"

#define CONFIG_HASH_SIZE SHA256_TEXT_SIZE

/** CONFIG_HASH_SHOWN - digits that people are shown */
#define CONFIG_HASH_SHOWN 12

/**
 * config_hash() - the hash of a configuration
 * @text: as in a .config; comments and the order of lines do not count
 *
 * Return: 0; -ENODATA with "" in @ret where no line sets anything; -ENOMEM.
 */
int config_hash(const char *text, char ret[CONFIG_HASH_SIZE]);

/**
 * config_hash_running() - that of the running kernel
 * @root: see "kernel/root.h"
 *
 * Return: 0, or -errno with "" in @ret where its configuration is not known;
 * see config_read().
 */
int config_hash_running(int root, char ret[CONFIG_HASH_SIZE]);

#endif
