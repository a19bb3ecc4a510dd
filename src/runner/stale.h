/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_STALE_H
#define RUNNER_STALE_H

/* Stale: tells the journal which expectation rules are good for nothing. */

#include "judge/expect.h"
#include "runner/journal.h"

/**
 * stale_write() - the "rules" record of a kernel
 * @rules: may be NULL
 * @release: the kernel that the rules were applied to
 *
 * Nothing is written where every rule may be of use; see rule_use().
 *
 * Return: 0 or -errno.
 */
int stale_write(struct journal *journal, const struct rule_set *rules,
		const char *release);

#endif
