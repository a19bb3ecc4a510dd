/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRAMS_DOCTOR_H
#define PROGRAMS_DOCTOR_H

/* The parts of `gupcheck doctor` that a build without vm support lacks. */

#include "kernel/checkup.h"

/**
 * doctor_open_kernel() - begin a checkup of a kernel as `gupcheck vm` takes it
 * @modules: its modules folder, or NULL: as @input says
 * Return: 0, or -errno with a line of @error that names the input, the reason
 * and the mend.
 */
int doctor_open_kernel(const char *input, const char *modules,
		       struct checkup *ret, struct error *error);

/**
 * doctor_add_guest() - what a kernel needs to be a guest of this machine's kind
 * Return: 0 or -ENOMEM.
 */
int doctor_add_guest(struct checkup *checkup);

/**
 * doctor_add_emulator() - what `gupcheck vm` needs of this machine
 * @optional: the checkup is about something else
 * Return: 0 or -ENOMEM.
 */
int doctor_add_emulator(struct checkup *checkup, bool optional);

#endif
