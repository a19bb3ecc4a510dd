/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_GUEST_H
#define VM_GUEST_H

/* Guest: gupcheck as the first process of a kernel booted for it. */

/** GUEST_CHANNEL - kernel argument that names the serial line to the host */
#define GUEST_CHANNEL "gupcheck.channel="

/**
 * guest_main() - set the machine up, run what the host asks for, power off
 *
 * To be called as process 1 only. Does not return.
 */
_Noreturn void guest_main(void);

#endif
