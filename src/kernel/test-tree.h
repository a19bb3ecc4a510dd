/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_TEST_TREE_H
#define KERNEL_TEST_TREE_H

/* A folder that stands for `/` of a recorded machine, for unit tests. */

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct test_tree {
	char path[64];
	int fd;
};

static inline struct test_tree test_tree_make(void)
{
	struct test_tree tree = {.path = "/tmp/gupcheck-test-XXXXXX"};

	ck_assert_ptr_nonnull(mkdtemp(tree.path));
	tree.fd = open(tree.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(tree.fd, 0);
	return tree;
}

/* Write @text to the file @path, which begins with a slash; make its folders */
static inline void test_tree_file(const struct test_tree *tree,
				  const char *path, const char *text)
{
	char full[PATH_MAX];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", tree->path, path);
	for (char *at = full + strlen(tree->path) + 1; (at = strchr(at, '/'));
	     at++) {
		*at = '\0';
		mkdir(full, 0755);
		*at = '/';
	}
	file = fopen(full, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static inline void test_tree_mode(const struct test_tree *tree,
				  const char *path, mode_t mode)
{
	ck_assert_int_eq(fchmodat(tree->fd, path + 1, mode, 0), 0);
}

static inline int test_tree_remove_one(const char *path,
				       const struct stat *status, int type,
				       struct FTW *where)
{
	return remove(path);
}

static inline void test_tree_remove(struct test_tree *tree)
{
	close(tree->fd);
	ck_assert_int_eq(nftw(tree->path, test_tree_remove_one, 16,
			      FTW_DEPTH | FTW_PHYS),
			 0);
}

#endif
