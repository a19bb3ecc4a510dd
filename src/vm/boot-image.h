/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_BOOT_IMAGE_H
#define VM_BOOT_IMAGE_H

/* Boot image: a kernel that QEMU can start. */

#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"
#include "vm/arch.h"

/**
 * struct boot_image - a kernel file and what was found in it
 * @path: the boot image as it was given, or NULL when only an ELF file was
 * @elf: the uncompressed kernel with an entry for QEMU, or NULL
 * @release: kernel release, "" when the file does not tell
 * @key: identifies the content
 *
 * At least one of @path and @elf is set.
 */
struct boot_image {
	char *path;
	char *elf;
	char release[IMAGE_RELEASE_SIZE];
	uint64_t key;
};

/**
 * boot_image_open() - look at a kernel file; unpack its ELF kernel into the
 * cache Return: 0, or -errno with a line of @error that names the file.
 */
int boot_image_open(const struct arch *arch, const char *path,
		    struct boot_image *ret, struct error *error);

/** boot_image_close() - free what boot_image_open() allocated */
void boot_image_close(struct boot_image *image);

/** boot_image_probe() - whether boot_image_open() would take the file for a
 * kernel */
bool boot_image_probe(const struct arch *arch, const char *path);

/**
 * elf_has_pvh() - whether @blob is an ELF executable of @arch with the PVH
 * entry note, which is how QEMU starts an ELF kernel
 */
bool elf_has_pvh(const struct arch *arch, const struct blob *blob);

#endif
