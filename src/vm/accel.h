/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_ACCEL_H
#define VM_ACCEL_H

/*
 * Accel: whether a kernel can be run under KVM here.
 *
 * A /dev/kvm that opens proves nothing: some hosts abort QEMU, or let the guest
 * spin without a word. What counts is that this very kernel was seen to boot,
 * and that is remembered until this machine is booted again.
 */

#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"
#include "vm/arch.h"

/** enum accel - how guests are run */
enum accel {
	ACCEL_AUTO, /* KVM where it works, else TCG */
	ACCEL_KVM,
	ACCEL_TCG,
};

/** accel_to_string() - `auto`, `kvm`, `tcg` */
const char *accel_to_string(enum accel accel);

/** accel_from_string() - 0, or -EINVAL */
int accel_from_string(const char *word, enum accel *ret);

/** accel_kvm_present() - whether /dev/kvm can be opened */
bool accel_kvm_present(void);

/**
 * accel_key() - identifies emulator, kernel, and boot of the host
 * @qemu: path of the emulator
 * @kernel: key of the kernel's content
 * Return: 0, or -errno with a line of @error.
 */
int accel_key(const char *qemu, uint64_t kernel, uint64_t *ret,
	      struct error *error);

/** accel_recall() - what was remembered, or ACCEL_AUTO */
enum accel accel_recall(uint64_t key);

/** accel_remember() - keep a decision and its reason; a failure is ignored */
void accel_remember(uint64_t key, enum accel accel, const char *reason);

#endif
