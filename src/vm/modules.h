/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_MODULES_H
#define VM_MODULES_H

/*
 * Modules: puts kernel modules of an unpacked kernel into an initramfs, plain
 * ELF, where src/kernel/module.h looks for them.
 */

#include "base/error.h"
#include "vm/initramfs.h"

#define GUEST_MODULES "/gupcheck/modules"

struct modules;

/**
 * modules_open() - read the index of a modules folder
 * @folder: .../lib/modules/RELEASE, with the files that depmod makes
 * Return: 0, or -errno with a line of @error.
 */
int modules_open(struct modules **ret, const char *folder, struct error *error);

/**
 * modules_add() - add a module with all that it needs, and NAME.order
 * @name: as in a requirement expression
 *
 * A module that the kernel does not have, or that is built in, gets no
 * NAME.order: the guest then judges by what it sees.
 * Return: 0, or -errno with a line of @error.
 */
int modules_add(struct modules *modules, const char *name,
		struct initramfs *initramfs, struct error *error);

/** modules_close() - accepts NULL */
void modules_close(struct modules *modules);

#endif
