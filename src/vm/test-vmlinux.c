/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of plan/test-tables.c. */

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/unit.h"
#include "kernel/test-tree.h"
#include "runner/begin.h"
#include "vm/arch.h"
#include "vm/cache.h"
#include "vm/vmlinux.h"

#define IMAGE "a boot image"
#define ELF "\177ELF and more"

static const char *key_of(const char *content)
{
	static char key[BEGIN_IMAGE_SIZE];

	return begin_image(cache_key(CACHE_KEY_BEGIN, content, strlen(content)),
			   key);
}

/* A build tree: the image is younger than the vmlinux. */
static struct test_tree make_tree(char image[PATH_MAX])
{
	struct test_tree tree = test_tree_make();
	const struct timespec times[2] = {{.tv_sec = 1000000},
					  {.tv_sec = 1000000}};

	snprintf(image, PATH_MAX, "/%s", arch_host()->build_image);
	test_tree_file(&tree, "/vmlinux", ELF);
	test_tree_file(&tree, image, IMAGE);
	ck_assert_int_eq(utimensat(tree.fd, "vmlinux", times, 0), 0);
	return tree;
}

static int find(const struct test_tree *tree, const char *input,
		const char *key, struct error *error)
{
	char path[PATH_MAX] = "", expected[PATH_MAX];
	int ret;

	error->text[0] = '\0';
	ret = vmlinux_find(tree->path, input, key, path, error);
	snprintf(expected, sizeof(expected), "%s/vmlinux", tree->path);
	if (!ret)
		ck_assert_str_eq(path + (strlen(path) - strlen(expected)),
				 expected);
	return ret;
}

START_TEST(beside_what_was_booted)
{
	struct error error;
	char image[PATH_MAX];
	struct test_tree tree = make_tree(image);

	ck_assert_int_eq(find(&tree, tree.path, key_of(IMAGE), &error), 0);
	ck_assert_int_eq(find(&tree, image + 1, key_of(IMAGE), &error), 0);
	ck_assert_int_eq(find(&tree, "vmlinux", key_of(ELF), &error), 0);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(another_build_is_none)
{
	struct error error;
	char image[PATH_MAX];
	struct test_tree tree = make_tree(image);

	ck_assert_int_eq(find(&tree, tree.path, key_of("before"), &error),
			 -ESTALE);
	ck_assert_ptr_nonnull(strstr(error.text, "was built anew"));
	ck_assert_int_eq(find(&tree, "vmlinux", key_of("before"), &error),
			 -ESTALE);
	/* linked anew, and no boot image made of it yet */
	ck_assert_int_eq(utimensat(tree.fd, "vmlinux", NULL, 0), 0);
	ck_assert_int_eq(find(&tree, tree.path, key_of(IMAGE), &error),
			 -ESTALE);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(no_vmlinux)
{
	struct error error;
	char image[PATH_MAX];
	struct test_tree tree = make_tree(image);

	ck_assert_int_eq(find(&tree, "6.1", key_of(IMAGE), &error), -ENOENT);
	ck_assert_int_eq(unlinkat(tree.fd, "vmlinux", 0), 0);
	ck_assert_int_eq(find(&tree, tree.path, key_of(IMAGE), &error),
			 -ENOENT);
	ck_assert_str_eq(error.text, "");
	test_tree_remove(&tree);
}
END_TEST

UNIT_MAIN("vmlinux", beside_what_was_booted, another_build_is_none, no_vmlinux)
