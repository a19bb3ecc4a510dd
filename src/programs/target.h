/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRAMS_TARGET_H
#define PROGRAMS_TARGET_H

/* Target: one of the kernels that a run is about. */

#include <stdbool.h>
#include "runner/record.h"
#include "vm/kernel.h"
#include "vm/vm.h"

/**
 * struct target - one --kernel with its --modules
 * @begun: its part of the journal that is gone on with, or NULL
 * @name: what the journal calls it; "" where only the booted kernel can tell
 */
struct target {
	const char *input;
	const char *modules;
	struct kernel kernel;
	const struct run_kernel *begun;
	char name[VM_NAME_SIZE];
};

/** target_find_begun() - the part of @before that @input has, or NULL */
const struct run_kernel *target_find_begun(const struct run *before,
					   const char *input);

/** target_complete() - whether nothing is left of it to be run */
bool target_complete(const struct target *target, const struct run *before);

/**
 * targets_open() - open and name the kernels of which something is left
 * @before: what the journal holds already, or NULL
 *
 * What is odd about one is told on standard error.
 * Return: 0, or -errno with a line of @error.
 */
int targets_open(struct target *targets, size_t count, const struct arch *arch,
		 const struct run *before, struct error *error);

#endif
