/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_DECODE_H
#define RUNNER_DECODE_H

/* Decode: finds out where the functions are that a comparison tells of. */

#include "runner/comparison.h"

/**
 * decode_want() - ask for what kernel messages of the new side name
 * @places: receives them
 * Return: 0 or -ENOMEM.
 */
int decode_want(const struct comparison *comparison, struct places *places);

#endif
