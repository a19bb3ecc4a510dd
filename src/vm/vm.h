/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_VM_H
#define VM_VM_H

/*
 * VM: runs a plan on a kernel booted in QEMU. A kernel that dies costs the cell
 * that it died in: the rest of the plan goes on in a fresh guest.
 */

#include <stdbool.h>
#include "base/error.h"
#include "judge/expect.h"
#include "plan/plan.h"
#include "runner/journal.h"
#include "runner/keep.h"
#include "vm/accel.h"
#include "vm/kernel.h"

#define VM_NAME_SIZE (IMAGE_RELEASE_SIZE + 16)

/**
 * vm_name() - a name for the @number-th kernel of a release: RELEASE, RELEASE~2
 */
void vm_name(const char *release, unsigned int number, char ret[VM_NAME_SIZE]);

/** vm_name_fits() - whether a kernel of @release may be called @name */
bool vm_name_fits(const char *name, const char *release);

/**
 * struct vm_options
 * @kernel: what to boot
 * @output: folder for the console files
 * @append: further kernel arguments, or NULL
 * @accel: how to run the guest
 * @memory_mib: memory of the guest, in MiB
 * @time_limit: of the plan on this kernel, seconds; 0: a generous one
 * @keep: which images are kept, in @output
 * @resumed: what the journal held before, or NULL: cells that have an end there
 *	are not run
 * @name: what the journal calls the kernel, see vm_name(), also that of
 *@resumed; NULL: its release
 * @progress: told after each cell; may be NULL
 */
struct vm_options {
	const struct arch *arch;
	const struct kernel *kernel;
	const char *output;
	const char *append;
	enum accel accel;
	unsigned int memory_mib;
	double time_limit;
	enum keep keep;
	const struct run *resumed;
	const char *name;
	void (*progress)(void *arg, size_t done, size_t total, const char *id,
			 enum verdict verdict);
	void *progress_arg;
};

/**
 * vm_run() - run @plan, write the kernel's records to @journal
 * @rules: known exceptions, or NULL
 *
 * Return: 0 when the guest came up at least once, whatever became of it then:
 * the journal tells; -EINTR when the user interrupted; another -errno with a
 * line of @error when nothing was run, and nothing was recorded.
 */
int vm_run(const struct vm_options *options, const struct plan *plan,
	   struct journal *journal, struct rule_set *rules,
	   struct error *error);

#endif
