/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_CHANCE_H
#define JUDGE_CHANCE_H

/* Chance: whether two counts differ by more than luck. No I/O. */

#include <stddef.h>

/**
 * struct run_count - how many runs show a thing
 * @shown: runs that do
 * @told: runs that say whether; at least @shown
 */
struct run_count {
	size_t shown;
	size_t told;
};

/**
 * chance_of_more() - Fisher's exact test, one-sided
 *
 * If both sides were alike, and so many runs of all showed the thing: how
 * probable is it that @new holds as many of them as it does, or more?
 *
 * Return: 0 to 1; 1 where a side tells nothing.
 */
double chance_of_more(const struct run_count *old, const struct run_count *new);

#endif
