/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/base64.h"
#include "base/cleanup.h"

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *data, size_t len)
{
	const unsigned char *from = data;
	char *text = malloc((len + 2) / 3 * 4 + 1), *to = text;

	if (!text)
		return NULL;
	for (size_t at = 0; at < len; at += 3) {
		size_t count = len - at < 3 ? len - at : 3;
		uint32_t group = (uint32_t)from[at] << 16;

		if (count > 1)
			group |= (uint32_t)from[at + 1] << 8;
		if (count > 2)
			group |= from[at + 2];
		for (size_t i = 0; i < 4; i++)
			*to++ = i > count ? '='
					  : digits[group >> (18 - 6 * i) & 63];
	}
	*to = '\0';
	return text;
}

/* Four digits: how many bytes they stand for, or -EINVAL */
static int decode_group(const char *text, unsigned char ret[3])
{
	int count = text[3] != '=' ? 3 : text[2] != '=' ? 2 : 1;
	uint32_t group = 0;

	for (int i = 0; i <= count; i++) {
		const char *digit = text[i] ? strchr(digits, text[i]) : NULL;

		if (!digit)
			return -EINVAL;
		group |= (uint32_t)(digit - digits) << (18 - 6 * i);
	}
	ret[0] = (unsigned char)(group >> 16);
	ret[1] = (unsigned char)(group >> 8);
	ret[2] = (unsigned char)group;
	/* one text only for the same bytes */
	for (int i = count; i < 3; i++)
		if (ret[i])
			return -EINVAL;
	return count;
}

int base64_decode(const char *text, void **ret, size_t *ret_len)
{
	size_t len = strlen(text), done = 0;
	cleanup_free unsigned char *bytes =
		len % 4 ? NULL : malloc(len / 4 * 3 + 1);

	if (!bytes)
		return len % 4 ? -EINVAL : -ENOMEM;
	for (size_t at = 0; at < len; at += 4) {
		int count = decode_group(text + at, bytes + done);

		if (count < 0 || (count < 3 && at + 4 < len))
			return -EINVAL;
		done += (size_t)count;
	}
	*ret = take_pointer(bytes);
	*ret_len = done;
	return 0;
}
