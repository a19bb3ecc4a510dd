/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include "vm/ikconfig.h"
#include "vm/unpack.h"

#define BEGIN "IKCFG_ST"
#define MARK_SIZE (sizeof(BEGIN) - 1)
static const unsigned char gzip_magic[] = {0x1f, 0x8b};

int ikconfig_find(const struct blob *kernel, unsigned char **ret,
		  size_t *ret_len)
{
	const unsigned char *end = kernel->data + kernel->len;
	const unsigned char *at = kernel->data;

	/* the mark's name may stand elsewhere, too */
	while (at && (at = memmem(at, (size_t)(end - at), BEGIN, MARK_SIZE))) {
		at += MARK_SIZE;
		if ((size_t)(end - at) > sizeof(gzip_magic) &&
		    !memcmp(at, gzip_magic, sizeof(gzip_magic)))
			return unpack_memory(at, (size_t)(end - at), ret,
					     ret_len);
	}
	return -ENOENT;
}
