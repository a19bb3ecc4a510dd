/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRAMS_NOTHING_RAN_H
#define PROGRAMS_NOTHING_RAN_H

#include <stdio.h>
#include "runner/record.h"

/**
 * nothing_ran_tell() - one line for each kernel on which every cell was skipped
 *
 * It names the configuration symbols that the cells missed, each once; where
 * that is not what was missing, the first reason.
 */
void nothing_ran_tell(FILE *out, const struct run *run);

#endif
