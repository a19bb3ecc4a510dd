/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_GUEST_SETUP_H
#define VM_GUEST_SETUP_H

/* What a bare kernel needs before anything can be run on it. */

#include "base/error.h"

/**
 * guest_setup() - mount the kernel's filesystems, bring the loopback network
 * up, make the kernel report hangs Return: 0, or -errno with a line of @error.
 */
int guest_setup(struct error *error);

/**
 * guest_open_channel() - open the serial line that the kernel arguments name,
 * without any translation of bytes
 * Return: a descriptor, or -errno with a line of @error.
 */
int guest_open_channel(struct error *error);

#endif
