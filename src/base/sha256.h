/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

/* SHA-256 (FIPS 180-4), so that sha256sum says the same of the same bytes. */

#include <stddef.h>
#include <stdint.h>

/** SHA256_TEXT_SIZE - 64 hex digits and the NUL */
#define SHA256_TEXT_SIZE 65

/** struct sha256 - a hash under way */
struct sha256 {
	uint32_t state[8];
	uint64_t len;
	unsigned char block[64];
};

void sha256_begin(struct sha256 *hash);

void sha256_add(struct sha256 *hash, const void *data, size_t len);

/** sha256_end() - the hash of all that was added, in lower case hex digits */
void sha256_end(struct sha256 *hash, char ret_text[SHA256_TEXT_SIZE]);

#endif
