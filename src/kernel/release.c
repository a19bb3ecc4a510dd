/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "kernel/release.h"

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A release that has run out of numbers counts as 0: 6.1 is 6.1.0. */
static unsigned long next_number(const char **release)
{
	unsigned long number;
	char *end;

	if (!is_digit(**release))
		return 0;
	number = strtoul(*release, &end, 10);
	/* `6.1-rc2`: only a dot before a digit goes on with the numbers */
	*release = end[0] == '.' && is_digit(end[1]) ? end + 1 : "";
	return number;
}

int release_compare(const char *a, const char *b)
{
	while (is_digit(*b)) {
		unsigned long left = next_number(&a);
		unsigned long right = next_number(&b);

		if (left != right)
			return left < right ? -1 : 1;
	}
	return 0;
}

/* `6.18-rc2`, and as Debian writes it, `6.18~rc2-amd64` */
static int is_candidate(const char *release)
{
	const char *rest = release + strspn(release, "0123456789.");

	return !strncmp(rest, "-rc", 3) || !strncmp(rest, "~rc", 3);
}

int release_order(const char *a, const char *b)
{
	int order = release_compare(a, b);

	/* the numbers of @b alone say nothing where @a has more */
	if (!order)
		order = -release_compare(b, a);
	if (!order)
		order = is_candidate(b) - is_candidate(a);
	return order ? order : strverscmp(a, b);
}
