/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/sha256.h"
#include "base/unit.h"

#define MILLION 1000000

static const char *hash(const char *text, size_t len, size_t step)
{
	static char hex[SHA256_TEXT_SIZE];
	struct sha256 sha256;

	sha256_begin(&sha256);
	for (size_t at = 0; at < len; at += step)
		sha256_add(&sha256, text + at,
			   len - at < step ? len - at : step);
	sha256_end(&sha256, hex);
	return hex;
}

/* FIPS 180-4 and its examples */
START_TEST(published_examples)
{
	static const struct {
		const char *text, *hex;
	} vectors[] = {
		{"",
		 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc",
		 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		 "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		 "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		ck_assert_str_eq(
			hash(vectors[i].text, strlen(vectors[i].text), 64),
			vectors[i].hex);
}
END_TEST

START_TEST(pieces_make_no_difference)
{
	static const size_t steps[] = {1, 3, 63, 64, 65, 4096, MILLION};
	char *text = malloc(MILLION);

	ck_assert_ptr_nonnull(text);
	memset(text, 'a', MILLION);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		ck_assert_str_eq(
			hash(text, MILLION, steps[i]),
			"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(text);
}
END_TEST

UNIT_MAIN("sha256", published_examples, pieces_make_no_difference)
