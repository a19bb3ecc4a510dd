/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_IMAGE_RELEASE_H
#define VM_IMAGE_RELEASE_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include "vm/arch.h"

/**
 * image_release() - the release that a text of a kernel image begins with
 * @text: of @len bytes, not ended
 * @ret: overwritten when there is one
 *
 * It names files: no slash is part of it, and a text that begins with anything
 * but the kernel's version is none. Return: whether there is one.
 */
static inline bool image_release(const unsigned char *text, size_t len,
				 char ret[IMAGE_RELEASE_SIZE])
{
	size_t used = 0;

	if (!len || !isdigit(text[0]))
		return false;
	while (used < len && used < IMAGE_RELEASE_SIZE - 1 &&
	       isgraph(text[used]) && text[used] != '/')
		used++;
	memcpy(ret, text, used);
	ret[used] = '\0';
	return true;
}

#endif
