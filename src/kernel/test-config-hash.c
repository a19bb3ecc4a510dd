/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/unit.h"
#include "kernel/config-hash.h"
#include "kernel/test-tree.h"

/* printf 'CONFIG_A=m\nCONFIG_B=y\n' | sha256sum */
#define HASH "12b10aef82d5d9f4534f0fec19e09d4383c0a1f67b9533e3d56454fdc3bb6284"

START_TEST(only_what_is_set_counts)
{
	static const struct {
		const char *text;
		int ret;
		bool same;
	} vectors[] = {
		{"CONFIG_A=m\nCONFIG_B=y\n", 0, true},
		{"CONFIG_B=y\nCONFIG_A=m\n", 0, true},
		{"CONFIG_B=y\nCONFIG_A=m", 0, true},
		{"#\n# Linux\n\nCONFIG_B=y\n# CONFIG_C is not set\nCONFIG_A=m\n",
		 0, true},
		{"CONFIG_A=y\nCONFIG_B=y\n", 0, false},
		{"CONFIG_A=m\n", 0, false},
		{"CONFIG_A=m\nCONFIG_B=y\nCONFIG_C=y\n", 0, false},
		{"", -ENODATA, false},
		{"# CONFIG_A is not set\n", -ENODATA, false},
	};
	char hash[CONFIG_HASH_SIZE];

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		ck_assert_int_eq(config_hash(vectors[i].text, hash),
				 vectors[i].ret);
		ck_assert_msg((strcmp(hash, HASH) == 0) == vectors[i].same,
			      "vector %zu: %s", i, hash);
		if (vectors[i].ret < 0)
			ck_assert_str_eq(hash, "");
	}
}
END_TEST

START_TEST(the_running_kernel_has_one)
{
	struct test_tree tree = test_tree_make();
	char hash[CONFIG_HASH_SIZE] = "x";

	ck_assert_int_eq(config_hash_running(tree.fd, hash), -ENOENT);
	ck_assert_str_eq(hash, "");
	test_tree_file(&tree, "/proc/sys/kernel/osrelease", "6.1\n");
	test_tree_file(&tree, "/boot/config-6.1", "CONFIG_B=y\nCONFIG_A=m\n");
	ck_assert_int_eq(config_hash_running(tree.fd, hash), 0);
	ck_assert_str_eq(hash, HASH);
	test_tree_remove(&tree);
}
END_TEST

UNIT_MAIN("config-hash", only_what_is_set_counts, the_running_kernel_has_one)
