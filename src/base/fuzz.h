/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_FUZZ_H
#define BASE_FUZZ_H

/*
 * Fuzz target: a parser is given bytes that nobody meant, and what must hold of
 * every input is asserted. The same file is linked with libFuzzer
 * (scripts/fuzz) and with fuzz-replay.c, which replays the seeds as a test.
 */

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** LLVMFuzzerTestOneInput() - one input; returns 0; aborts on a finding */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fuzz_assert(condition)                                           \
	do {                                                             \
		if (!(condition)) {                                      \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
				__LINE__, #condition);                   \
			abort();                                         \
		}                                                        \
	} while (0)

/**
 * fuzz_copy() - a heap copy of exactly @size bytes, never NULL
 *
 * For the sanitizer to watch its end: libFuzzer's own buffer may be longer.
 */
static inline void *fuzz_copy(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	fuzz_assert(copy);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

/** fuzz_string() - the same up to the first NUL, and ended by one */
static inline char *fuzz_string(const void *data, size_t size)
{
	char *text = size ? strndup(data, size) : strdup("");

	fuzz_assert(text);
	return text;
}

/** fuzz_folder() - make a folder for what a target cannot do without files */
static inline void fuzz_folder(char ret[PATH_MAX])
{
	const char *parent = getenv("TMPDIR");
	int len = snprintf(ret, PATH_MAX, "%s/gupcheck-fuzz-XXXXXX",
			   parent ? parent : "/tmp");

	fuzz_assert(len < PATH_MAX);
	fuzz_assert(mkdtemp(ret));
}

/** struct fuzz_input - what an input that is read as a program has left */
struct fuzz_input {
	const uint8_t *at;
	size_t left;
};

/** fuzz_byte() - the next byte, 0 behind the end */
static inline unsigned int fuzz_byte(struct fuzz_input *input)
{
	if (!input->left)
		return 0;
	input->left--;
	return *input->at++;
}

/** fuzz_take() - where the next @size bytes are, or as many as are left */
static inline const uint8_t *fuzz_take(struct fuzz_input *input, size_t *size)
{
	const uint8_t *taken = input->at;

	if (*size > input->left)
		*size = input->left;
	input->at += *size;
	input->left -= *size;
	return taken;
}

#endif
