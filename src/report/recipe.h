/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_RECIPE_H
#define REPORT_RECIPE_H

/* Recipe: steps, promises and expectation of a cell in words. */

#include "judge/change.h"
#include "plan/plan.h"

#define RECIPE_CHECK_SIZE 512

/** recipe_invariant() - its name by the number in the design, or NULL */
const char *recipe_invariant(unsigned int number);

/**
 * recipe_step() - name and summary, what is read, and how it may end
 * @ret: one line, to be freed by the caller
 * Return: 0 or -ENOMEM.
 */
int recipe_step(const struct step *step, char **ret);

/** recipe_check() - how the promise is checked, one line; returns @buf */
const char *recipe_check(const struct promise *promise,
			 char buf[RECIPE_CHECK_SIZE]);

/** recipe_expected() - what is expected by default (static) */
const char *recipe_expected(enum duty duty);

#endif
