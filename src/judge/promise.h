/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_PROMISE_H
#define JUDGE_PROMISE_H

/* Promise: whether one promise of a scenario was kept. Pure. */

#include <gupcheck/scenario.h>
#include "judge/observation.h"
#include "plan/plan.h"

/** enum promise_state */
enum promise_state {
	PROMISE_KEPT, /* it bound the kernel, and was kept */
	PROMISE_FOREIGN, /* not meant for this mechanism or variant */
	PROMISE_UNPROVEN, /* nobody can tell: an observation is missing */
	PROMISE_BROKEN,
};

/** promise_is_meant() - whether it is for this mechanism and variant */
bool promise_is_meant(const struct promise *promise, const struct cell_id *id);

/**
 * promise_check() - compare what was promised with what was seen
 * @words: receives, unless it was kept, what is wrong
 */
enum promise_state promise_check(const struct promise *promise,
				 const struct cell_id *id,
				 const struct observation *observation,
				 char *words, size_t size);

#endif
