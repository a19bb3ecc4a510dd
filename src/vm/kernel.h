/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_KERNEL_H
#define VM_KERNEL_H

/*
 * Kernel: what the user called a kernel, and what was found there. It may be
 *
 *	6.1.0-50-amd64		a release that is installed here, or that of a
 *				stock kernel
 *	6.1, linux-image-6.1.0-50-amd64
 *				a stock kernel in the cache, or to be fetched by
 *				scripts/fetch-kernel
 *	A.deb[,B.deb…]		packages
 *	a folder		an unpacked package, or a kernel build tree
 *	a file			a boot image, or an ELF vmlinux
 *
 * What lies at a path comes first, then what is installed.
 */

#include "base/error.h"
#include "vm/boot-image.h"

/**
 * struct kernel - a kernel that can be booted
 * @input: what the user wrote
 * @release: kernel release, "" when only the booted kernel can tell
 * @modules: .../lib/modules/RELEASE, or NULL: everything is built in
 * @note: one line on what is odd about it and the user should know; or ""
 */
struct kernel {
	char *input;
	char release[IMAGE_RELEASE_SIZE];
	char *modules;
	struct error note;
	struct boot_image image;
};

/**
 * kernel_open() - find out what @input is
 * @modules: folder of its modules (.../lib/modules/RELEASE, the one above lib,
 *	or where they were built), or NULL: as @input says
 * Return: 0, or -errno with a line of @error that names the input, the reason
 * and the mend; -ENOEXEC: its modules were built for another kernel.
 */
int kernel_open(const struct arch *arch, const char *input, const char *modules,
		struct kernel *ret, struct error *error);

/**
 * kernel_open_below() - the same where another folder stands for `/`
 * @root: for kernels that are installed; "" for the real one
 */
int kernel_open_below(const struct arch *arch, const char *root,
		      const char *input, const char *modules,
		      struct kernel *ret, struct error *error);

/** kernel_close() - free what kernel_open() allocated */
void kernel_close(struct kernel *kernel);

/**
 * kernel_is_name() - whether @input can be a release, series or package, not a
 * path
 */
bool kernel_is_name(const char *input);

#endif
