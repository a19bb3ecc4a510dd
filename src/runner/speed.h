/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_SPEED_H
#define RUNNER_SPEED_H

/**
 * speed_factor() - how much longer than on an ordinary machine things take
 *
 * Measures a fixed amount of the work that cells are made of (processes, page
 * faults, system calls), for about a tenth of a second on an ordinary machine.
 * An emulated processor, a sanitizer or a debug kernel make it larger. Time
 * limits are scaled by it, never verdicts. Return: 1 or more, at most
 * SPEED_FACTOR_MAX.
 */
double speed_factor(void);

#define SPEED_FACTOR_MAX 50.0

#endif
