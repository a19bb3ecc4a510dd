/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/chance.h"

/*
 * The weight of x runs on the new side is C(new, x) C(old, all - x). Only their
 * proportions count, so the least x gets 1 and each other one follows from the
 * one before; no factorial has to be computed.
 */
double chance_of_more(const struct run_count *old, const struct run_count *new)
{
	size_t all = old->shown + new->shown;
	size_t least = all > old->told ? all - old->told : 0;
	size_t most = all < new->told ? all : new->told;
	long double weight = 1, sum = 0, tail = 0;

	if (!old->told || !new->told)
		return 1;
	for (size_t x = least; x <= most; x++) {
		sum += weight;
		if (x >= new->shown)
			tail += weight;
		weight *= (long double)(new->told - x) * (long double)(all - x);
		weight /= (long double)(x + 1) *
			  (long double)(old->told + x + 1 - all);
	}
	return (double)(tail / sum);
}
