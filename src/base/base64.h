/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

/* Base64 as in RFC 4648, section 4: bytes that travel as text. */

#include <stddef.h>

/** base64_encode() - text to be freed, or NULL without memory */
char *base64_encode(const void *data, size_t len);

/**
 * base64_decode() - the bytes that a text stands for
 * @ret: receives memory to be freed
 *
 * Takes what base64_encode() writes, and nothing else. Return: 0, -EINVAL for
 * any other text, or -ENOMEM.
 */
int base64_decode(const char *text, void **ret, size_t *ret_len);

#endif
