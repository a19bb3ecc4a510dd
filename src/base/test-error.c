/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/unit.h"

START_TEST(colon_asks_for_the_reason)
{
	struct error error = {""};

	ck_assert_int_eq(error_set(&error, -ENOENT, "cannot open %s:", "/x"),
			 -ENOENT);
	ck_assert_str_eq(error.text,
			 "cannot open /x: No such file or directory");
}
END_TEST

START_TEST(no_colon_no_reason)
{
	struct error error = {""};

	error_set(&error, -EINVAL, "unknown cell '%s'", "x");
	ck_assert_str_eq(error.text, "unknown cell 'x'");
}
END_TEST

START_TEST(first_line_stays)
{
	struct error error = {""};

	error_set(&error, -EIO, "first");
	ck_assert_int_eq(error_set(&error, -EPERM, "second"), -EPERM);
	ck_assert_str_eq(error.text, "first");
	ck_assert_int_eq(error_set(NULL, -EPERM, "nobody listens"), -EPERM);
}
END_TEST

START_TEST(long_line_is_cut)
{
	struct error error = {""};
	char text[2 * ERROR_SIZE];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	error_set(&error, -EIO, "%s:", text);
	ck_assert_uint_eq(strlen(error.text), ERROR_SIZE - 1);
}
END_TEST

START_TEST(errnos_have_names)
{
	ck_assert_str_eq(errno_name(EFAULT), "EFAULT");
	ck_assert_str_eq(errno_name(EOPNOTSUPP), "EOPNOTSUPP");
	ck_assert_str_eq(errno_name(0), "");
	ck_assert_str_eq(errno_name(524), "524");
}
END_TEST

START_TEST(errno_names_round_trip)
{
	for (int error = 1; error < 134; error++) {
		const char *name = errno_name(error);

		if (name[0] == 'E')
			ck_assert_int_eq(errno_from_name(name), error);
	}
	ck_assert_int_eq(errno_from_name("ENOTSUP"), EOPNOTSUPP);
	ck_assert_int_eq(errno_from_name("EWOULDBLOCK"), EAGAIN);
	ck_assert_int_eq(errno_from_name("ENOSUCHERROR"), 0);
	ck_assert_int_eq(errno_from_name(""), 0);
}
END_TEST

UNIT_MAIN("error", colon_asks_for_the_reason, no_colon_no_reason,
	  first_line_stays, long_line_is_cut, errnos_have_names,
	  errno_names_round_trip)
