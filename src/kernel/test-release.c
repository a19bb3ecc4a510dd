/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/unit.h"
#include "kernel/release.h"

static const struct {
	const char *a;
	const char *b;
	int sign;
} comparisons[] = {
	{"6.1.0-50-amd64", "6.1", 0},
	{"6.1.176", "6.1", 0},
	{"6.1", "6.1.0", 0},
	{"6.1", "6.1.3", -1},
	{"6.12.95+deb12-amd64", "6.5", 1},
	{"5.10.223", "5.10.224", -1},
	{"5.10", "6", -1},
	{"6.0", "6", 0},
	{"6.9", "6.10", -1},
	{"7.3.4", "6.12", 1},
	{"6.1-rc2", "6.1", 0},
	{"6.1-rc2.9", "6.1.9", -1},
	{"6.1.", "6.1", 0},
	{"6.1", "", 0},
	{"", "6.1", -1},
	{"next", "0", 0},
	{"6.18.44-custom.5", "6.18.44", 0},
};

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

START_TEST(numbers_compare)
{
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]);
	     i++)
		ck_assert_msg(sign(release_compare(comparisons[i].a,
						   comparisons[i].b)) ==
				      comparisons[i].sign,
			      "%s against %s", comparisons[i].a,
			      comparisons[i].b);
}
END_TEST

/* from old to new */
static const char *const releases[] = {
	"next",
	"5.10.0-46-amd64",
	"5.10.0-46-cloud-amd64",
	"6.1",
	"6.1.0-9-amd64",
	"6.1.0-56-amd64",
	"6.1.176",
	"6.12-rc2",
	"6.12-rc10",
	"6.12~rc11-amd64",
	"6.12",
	"6.12.9+deb12-amd64",
	"6.12.95+deb12-amd64",
	"6.18.1",
	"7.3.4",
};

START_TEST(releases_have_an_order)
{
	const int count = sizeof(releases) / sizeof(releases[0]);

	for (int i = 0; i < count; i++)
		for (int k = 0; k < count; k++)
			ck_assert_msg(
				sign(release_order(releases[i], releases[k])) ==
					sign(i - k),
				"%s against %s", releases[i], releases[k]);
}
END_TEST

UNIT_MAIN("release", numbers_compare, releases_have_an_order)
