/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PLAN_ORDER_H
#define PLAN_ORDER_H

/* Order: which of two cells is run first. */

#include "plan/plan.h"

/**
 * cell_id_order() - compare two cells by the order of plan_build()
 * Return: below, equal to or above 0, as strcmp() does.
 */
int cell_id_order(const struct cell_id *a, const struct cell_id *b);

#endif
