/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_LIBEXEC_H
#define VM_LIBEXEC_H

/* Libexec: finds the programs and scripts that belong to gupcheck. */

#include <limits.h>
#include "base/error.h"

/**
 * libexec_find() - where the helper @name is
 *
 * Looked for in $GUPCHECK_LIBEXEC, beside this program, in the scripts folder
 * of the tree that it was built from, and where it was to be installed to.
 * Return: 0, or -ENOENT with a line of @error.
 */
int libexec_find(const char *name, char ret[PATH_MAX], struct error *error);

#endif
