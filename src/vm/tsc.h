/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_TSC_H
#define VM_TSC_H

#include "vm/arch.h"

/**
 * tsc_argument() - struct arch.clock_argument of an x86
 *
 * QEMU hands the host's time stamp counter through (target/i386, helper_rdtsc).
 * A guest that is to find out its frequency while the host is busy may be wrong
 * by a factor of ten ("PIT calibration deviates from HPET"), and then all its
 * time limits are. With tsc_early_khz= (arch/x86/kernel/tsc.c, since 5.9) it
 * need not; an older kernel ignores that.
 *
 * Return: @ret, which is "" where the counter cannot be read.
 */
const char *tsc_argument(char ret[CLOCK_ARGUMENT_SIZE]);

#endif
