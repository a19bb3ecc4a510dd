/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"

#define BLOCK_SIZE 64
#define LENGTH_SIZE 8
#define ROUNDS 64

/* Fractions of the cube roots of the first 64 primes */
static const uint32_t constants[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, unsigned int by)
{
	return word >> by | word << (32 - by);
}

static void expand(const unsigned char *block, uint32_t words[ROUNDS])
{
	for (unsigned int i = 0; i < 16; i++, block += 4)
		words[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 |
			   (uint32_t)block[2] << 8 | block[3];
	for (unsigned int i = 16; i < ROUNDS; i++) {
		uint32_t a = words[i - 15], b = words[i - 2];

		words[i] = words[i - 16] + words[i - 7] +
			   (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
			   (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

static void add_block(uint32_t state[8], const unsigned char *block)
{
	uint32_t words[ROUNDS], at[8];

	expand(block, words);
	memcpy(at, state, sizeof(at));
	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint32_t a = at[0], e = at[4];
		uint32_t first =
			at[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
			((e & at[5]) ^ (~e & at[6])) + constants[i] + words[i];
		uint32_t second =
			(rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
			((a & at[1]) ^ (a & at[2]) ^ (at[1] & at[2]));

		memmove(at + 1, at, 7 * sizeof(*at));
		at[4] += first;
		at[0] = first + second;
	}
	for (unsigned int i = 0; i < 8; i++)
		state[i] += at[i];
}

void sha256_begin(struct sha256 *hash)
{
	*hash = (struct sha256){
		.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
	};
}

void sha256_add(struct sha256 *hash, const void *data, size_t len)
{
	const unsigned char *at = data;

	while (len) {
		size_t used = hash->len % BLOCK_SIZE;
		size_t take = BLOCK_SIZE - used < len ? BLOCK_SIZE - used : len;

		memcpy(hash->block + used, at, take);
		hash->len += take;
		if (used + take == BLOCK_SIZE)
			add_block(hash->state, hash->block);
		at += take;
		len -= take;
	}
}

void sha256_end(struct sha256 *hash, char ret_text[SHA256_TEXT_SIZE])
{
	static const unsigned char padding[BLOCK_SIZE] = {0x80};
	size_t used = hash->len % BLOCK_SIZE;
	size_t room = BLOCK_SIZE - LENGTH_SIZE;
	uint64_t bits = hash->len * 8;
	unsigned char length[LENGTH_SIZE];

	sha256_add(hash, padding,
		   used < room ? room - used : BLOCK_SIZE + room - used);
	for (unsigned int i = 0; i < LENGTH_SIZE; i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	sha256_add(hash, length, sizeof(length));
	for (unsigned int i = 0; i < 8; i++)
		snprintf(ret_text + 8 * (size_t)i, 9, "%08x", hash->state[i]);
}
