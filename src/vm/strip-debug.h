/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_STRIP_DEBUG_H
#define VM_STRIP_DEBUG_H

#include <stddef.h>

/**
 * strip_debug() - a kernel module without what a debugger reads, which is most
 * of one that comes straight from a build
 * @module: @len bytes
 * @ret: receives a heap buffer of @ret_len bytes, to be freed
 *
 * Sections keep their numbers, so that nothing that names one has to change.
 * Return: 1; 0 when there is nothing to leave out, or it is not such a file;
 * -ENOMEM.
 */
int strip_debug(const unsigned char *module, size_t len, unsigned char **ret,
		size_t *ret_len);

#endif
