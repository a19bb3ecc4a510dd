/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_HOST_PROGRAM_H
#define VM_HOST_PROGRAM_H

/*
 * Host program: puts a program of the host, such as mkfs.xfs, into an initramfs
 * with its dynamic loader and libraries, all at the same paths.
 */

#include "base/error.h"
#include "vm/initramfs.h"

/**
 * host_program_find() - look @name up in PATH and in the sbin folders
 * @ret_path: receives the path, as it was found
 * Return: 0 or -ENOENT.
 */
int host_program_find(const char *name, char *ret_path, size_t size);

/**
 * host_program_add() - add a program, as /usr/sbin/NAME where it has no path
 * Return: 0; -ENOENT when the host does not have it; another -errno with a line
 * of @error.
 */
int host_program_add(const char *name, struct initramfs *initramfs,
		     struct error *error);

#endif
