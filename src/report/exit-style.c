/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/exit-style.h"

const struct exit_style exit_styles[] = {
	/* also meson's protocol 'exitcode' */
	{"automake", 0, 1, 2, 77, 99},
	/*
	 * kselftest.h: KSFT_PASS, KSFT_FAIL, KSFT_SKIP. A test whose parts
	 * failed as expected has passed there. 2 would be KSFT_XFAIL, and there
	 * is no code for an error.
	 */
	{"kselftest", 0, 1, 1, 4, 1},
	/* a skip is told by the results: 77 would be a test that crashed */
	{"tap", 0, 1, 2, 0, 1},
	{NULL},
};

const struct exit_style *exit_style_find(const char *name)
{
	for (const struct exit_style *style = exit_styles; style->name; style++)
		if (!strcmp(style->name, name))
			return style;
	return NULL;
}

int exit_style_code(const struct exit_style *style, int code)
{
	switch (code) {
	case 0:
		return style->as_expected;
	case 1:
		return style->unexpected;
	case 2:
		return style->bad_usage;
	case 77:
		return style->nothing_ran;
	case 99:
		return style->broken;
	default:
		return code;
	}
}
