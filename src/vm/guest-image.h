/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_GUEST_IMAGE_H
#define VM_GUEST_IMAGE_H

/*
 * Guest image: the initramfs for one kernel: the guest program as /init, and
 * the modules and programs that a set of cells asks for. Which cells those are,
 * the guest is told later.
 */

#include "base/error.h"
#include "plan/plan.h"
#include "vm/kernel.h"

/**
 * guest_image_build() - make the initramfs
 * @guest: path of the static guest program
 * @kernel: its modules and its configuration
 * @plan: the cells to be prepared for
 * Return: a descriptor to be closed, or -errno with a line of @error.
 */
int guest_image_build(const struct arch *arch, const char *guest,
		      const struct kernel *kernel, const struct plan *plan,
		      struct error *error);

#endif
