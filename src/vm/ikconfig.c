/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include "base/cleanup.h"
#include "vm/ikconfig.h"
#include "vm/unpack.h"

#define BEGIN "IKCFG_ST"
#define MARK_SIZE (sizeof(BEGIN) - 1)
static const unsigned char gzip_magic[] = {0x1f, 0x8b};

/* What is no gzip in spite of its magic would come back as it is. */
static int unpack_config(const unsigned char *at, size_t len,
			 unsigned char **ret, size_t *ret_len)
{
	cleanup_free unsigned char *text = NULL;
	int result = unpack_memory(at, len, &text, ret_len);

	if (result < 0)
		return result;
	if (*ret_len >= sizeof(gzip_magic) &&
	    !memcmp(text, gzip_magic, sizeof(gzip_magic)))
		return -EBADMSG;
	*ret = take_pointer(text);
	return 0;
}

int ikconfig_find(const struct blob *kernel, unsigned char **ret,
		  size_t *ret_len)
{
	const unsigned char *at = kernel->data, *end;

	if (!at)
		return -ENOENT;
	end = at + kernel->len;
	/* the mark's name may stand elsewhere, too */
	while ((at = memmem(at, (size_t)(end - at), BEGIN, MARK_SIZE))) {
		at += MARK_SIZE;
		if ((size_t)(end - at) > sizeof(gzip_magic) &&
		    !memcmp(at, gzip_magic, sizeof(gzip_magic)))
			return unpack_config(at, (size_t)(end - at), ret,
					     ret_len);
	}
	return -ENOENT;
}
