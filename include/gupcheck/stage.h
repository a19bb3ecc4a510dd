/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_STAGE_H
#define GUPCHECK_STAGE_H

/* Stage: the mounted filesystem of one cell, as its @prepare hook sees it. */

struct stage;

/**
 * stage_add_to_setting() - raise a number that the kernel keeps in a file
 * @path: e.g. /proc/sys/vm/nr_hugepages
 * @amount: added to what is there
 *
 * Taken back when the cell ends. Return: 0; -EAGAIN when the kernel took the
 * value but did not reach it; another -errno.
 */
int stage_add_to_setting(struct stage *stage, const char *path, long amount);

/**
 * stage_skip() - the cell cannot run here
 * @reason: for the report
 * Return: -ECANCELED, to be handed back by the hook.
 */
int stage_skip(struct stage *stage, const char *reason);

#endif
