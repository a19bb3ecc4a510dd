/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_IKCONFIG_H
#define VM_IKCONFIG_H

/* Ikconfig: the configuration that a kernel carries (CONFIG_IKCONFIG). */

#include "vm/blob.h"

/**
 * ikconfig_find() - unpack it
 * @kernel: the uncompressed kernel
 * @ret: receives a heap buffer of @ret_len bytes, to be freed
 *
 * kernel/configs.c puts it between two marks, packed with gzip. Return: 0,
 * -ENOENT when it carries none, -EBADMSG for damaged data, -ENOMEM.
 */
int ikconfig_find(const struct blob *kernel, unsigned char **ret,
		  size_t *ret_len);

#endif
