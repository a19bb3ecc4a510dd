/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/unit.h"
#include "kernel/memory.h"
#include "kernel/test-tree.h"

static int check(const char *meminfo, struct error *error)
{
	struct test_tree tree = test_tree_make();
	int ret;

	*error = (struct error){""};
	if (meminfo)
		test_tree_file(&tree, "/proc/meminfo", meminfo);
	ret = memory_check(tree.fd, 400, "images need", "end something", error);
	test_tree_remove(&tree);
	return ret;
}

START_TEST(available_counts_not_free)
{
	struct error error;

	ck_assert_int_eq(check("MemTotal:  9000000 kB\n"
			       "MemFree:        10 kB\n"
			       "MemAvailable: 409600 kB\n",
			       &error),
			 0);
	ck_assert_int_eq(check("MemFree:   9000000 kB\n"
			       "MemAvailable: 409599 kB\n",
			       &error),
			 -ENOSPC);
	ck_assert_str_eq(error.text, "images need 400 MiB of memory, 399 are "
				     "available: end something");
}
END_TEST

START_TEST(unknown_is_not_enough)
{
	struct error error;

	ck_assert_int_eq(check("MemFree: 9000000 kB\n", &error), -ENODATA);
	ck_assert_int_eq(check("MemAvailable: many kB\n", &error), -ENODATA);
	ck_assert_int_eq(check(NULL, &error), -ENOENT);
	ck_assert(error.text[0]);
}
END_TEST

UNIT_MAIN("memory", available_counts_not_free, unknown_is_not_enough)
