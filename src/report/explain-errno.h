/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_EXPLAIN_ERRNO_H
#define REPORT_EXPLAIN_ERRNO_H

/* Explain errno: what an application is told that could not pin its memory. */

#include <stdio.h>
#include "plan/plan.h"

/** struct errno_place - where an errno was met; NULL: anywhere */
struct errno_place {
	const struct mechanism *mechanism;
	const struct filesystem *filesystem;
};

/**
 * errno_cause() - one reason for which GUP answers with an errno
 * @index: from 0
 * @traits: those of the mechanism; ~0U for all reasons
 * @ret: receives it
 * Return: whether there is an @index-th one.
 */
bool errno_cause(size_t index, unsigned int traits, struct pin_errno *ret);

/** errno_is_refusal() - whether @mechanism reports a refusal with @error */
bool errno_is_refusal(const struct mechanism *mechanism, int error);

/**
 * explain_errno() - what @error means, since when, why else, what to do
 * @error: positive
 * Return: 0 or -EIO.
 */
int explain_errno(FILE *out, int error, const struct errno_place *place);

#endif
