/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_SWEEP_H
#define RUNNER_SWEEP_H

/*
 * Sweep: what runs that are dead have left behind. A folder of a workspace is
 * taken for one when it is ours alone (owner, mode 0700), nobody holds its
 * lock, and it is empty or has a ledger that names it; what that ledger names
 * is undone, then the folder is removed. Nothing else is touched.
 */

#include "runner/ledger-undo.h"

/** SWEEP_PREFIX - the folders' names: this, and six random characters */
#define SWEEP_PREFIX "gupcheck-"

/**
 * sweep() - all that there is in the folder @base
 * @how: as for ledger_undo(), but that @busy is found out here
 * Return: 0 or -errno.
 */
int sweep(const char *base, const struct ledger_how *how);

/**
 * sweep_remove() - remove a folder with all that is in it
 * @base: descriptor of the folder above
 * @folder: descriptor of the folder itself, or -1
 *
 * Follows no link, crosses no mount. Return: 0 or -errno.
 */
int sweep_remove(int base, const char *name, int folder);

#endif
