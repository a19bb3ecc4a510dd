/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/base64.h"
#include "base/unit.h"

/* RFC 4648, section 10, and bytes that are no text */
static const struct {
	const char *bytes;
	size_t len;
	const char *text;
} known[] = {
	{"", 0, ""},
	{"f", 1, "Zg=="},
	{"fo", 2, "Zm8="},
	{"foo", 3, "Zm9v"},
	{"foob", 4, "Zm9vYg=="},
	{"fooba", 5, "Zm9vYmE="},
	{"foobar", 6, "Zm9vYmFy"},
	{"\0\0", 2, "AAA="},
	{"\xff\xfe\xfb\xef", 4, "//777w=="},
};

START_TEST(both_ways)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		char *text = base64_encode(known[i].bytes, known[i].len);
		size_t len = 99;
		void *bytes = NULL;

		ck_assert_ptr_nonnull(text);
		ck_assert_str_eq(text, known[i].text);
		ck_assert_int_eq(base64_decode(text, &bytes, &len), 0);
		ck_assert_uint_eq(len, known[i].len);
		ck_assert(!memcmp(bytes, known[i].bytes, len));
		free(bytes);
		free(text);
	}
}
END_TEST

static const char *const bad[] = {
	"Z",	"Zg",	    "Zg=",  "Zg=A",   "Z===",	 "====", "Zh==",
	"Zm9=", "Zg==Zg==", "Zm9 ", "Zm9v\n", "Zm\x80v", "Zm-v",
};

START_TEST(nothing_else_is_taken)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		size_t len = 99;
		void *bytes = NULL;

		ck_assert_msg(base64_decode(bad[i], &bytes, &len) == -EINVAL,
			      "%s", bad[i]);
		ck_assert_ptr_null(bytes);
		ck_assert_uint_eq(len, 99);
	}
}
END_TEST

UNIT_MAIN("base64", both_ways, nothing_else_is_taken)
