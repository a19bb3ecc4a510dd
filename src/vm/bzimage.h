/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_BZIMAGE_H
#define VM_BZIMAGE_H

/* bzImage: the boot image of x86 (Documentation/arch/x86/boot.rst). */

#include "vm/arch.h"

/** bzimage_parse() - see struct arch, image_parse */
int bzimage_parse(const struct blob *image, struct image_info *ret);

#endif
