/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_ARCH_H
#define VM_ARCH_H

/*
 * Arch: all that depends on the architecture of the machine, in one table.
 * Guests are of the architecture of the host: their programs come from it.
 */

#include <stdbool.h>
#include <stddef.h>
#include "vm/blob.h"

#define IMAGE_RELEASE_SIZE 128
#define CLOCK_ARGUMENT_SIZE 40

/**
 * struct image_info - what the header of a boot image says
 * @release: kernel release, or "" when the image does not tell
 * @payload: offset of the compressed ELF kernel in the file, in bytes
 * @payload_len: its length in bytes; 0 when there is none
 */
struct image_info {
	char release[IMAGE_RELEASE_SIZE];
	size_t payload;
	size_t payload_len;
};

/**
 * struct arch - one architecture
 * @machine: as in uname(2)
 * @elf_machine: e_machine of an ELF kernel
 * @qemu: the emulator; @qemu_package: the Debian package it is in
 * @qemu_machine: argument vector for the emulated machine, ended by NULL
 * @append: kernel arguments that every guest gets; the first serial line is
 *	the console
 * @channel: name of the guest's second serial line, the way to its host
 * @require: what a kernel needs for our programs and both lines, see
 *<gupcheck/require.h>
 * @build_image: boot image in a kernel build tree
 * @direct_elf: the emulator starts an ELF kernel that has a PVH note
 * @clock_argument: writes the kernel argument that tells an emulated guest how
 *	fast its clock runs, or ""; returns its buffer
 * @image_parse: reads the header of a boot image: 0, or -EINVAL when it is
 *	none; a damaged one is -EBADMSG
 */
struct arch {
	const char *machine;
	unsigned int elf_machine;
	const char *qemu;
	const char *qemu_package;
	const char *const *qemu_machine;
	const char *append;
	const char *channel;
	const char *require;
	const char *build_image;
	bool direct_elf;
	const char *(*clock_argument)(char ret[CLOCK_ARGUMENT_SIZE]);
	int (*image_parse)(const struct blob *image, struct image_info *ret);
};

/** arch_host() - the machine's own, or NULL when it is not in the table */
const struct arch *arch_host(void);

#endif
