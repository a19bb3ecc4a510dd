/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

/* The tables are those of plan/test-tables.c. */

#include <string.h>

#include "base/unit.h"
#include "kernel/test-tree.h"
#include "runner/sides.h"

#define BEGIN(kernel, image)                                                       \
	"{\"type\":\"begin\",\"schema\":1,\"gupcheck\":\"0\",\"kernel\":\"" kernel \
	"\",\"machine\":\"x86_64\",\"accelerator\":\"tcg\","                       \
	"\"input\":\"tree\",\"image\":\"" image "\"}\n"

static struct test_tree make_runs(void)
{
	struct test_tree tree = test_tree_make();

	test_tree_file(&tree, "/runs/a/journal.jsonl", BEGIN("6.1", "1"));
	test_tree_file(&tree, "/runs/b/journal.jsonl",
		       BEGIN("6.1", "1") BEGIN("6.12", "2"));
	test_tree_file(&tree, "/runs/c/journal.jsonl", BEGIN("6.12", "2"));
	test_tree_file(&tree, "/runs/empty/journal.jsonl", "");
	test_tree_file(&tree, "/runs/notes/text", "x");
	test_tree_file(&tree, "/a,b/journal.jsonl", BEGIN("6.1", "1"));
	test_tree_file(&tree, "/rebuilt/journal.jsonl", BEGIN("6.1", "9"));
	return tree;
}

static int load(const char *name, struct stored_side *side, struct error *error)
{
	error->text[0] = '\0';
	return side_load(name, side, error);
}

START_TEST(what_a_side_may_be)
{
	static const struct {
		const char *name, *release;
		size_t count;
	} vectors[] = {
		{"runs/a", "6.1", 1},
		{"runs/a/journal.jsonl", "6.1", 1},
		{"runs/b:6.12", "6.12", 1},
		{"a,b", "6.1", 1},
		{"runs:6.1", "6.1", 2},
		{"runs:6.12", "6.12", 2},
		{"runs/a,runs/b:6.1", "6.1", 2},
		{"runs/c,runs/b:6.12", "6.12", 2},
		{"runs:6.12,runs/b:6.1", NULL, 0},
	};
	struct test_tree tree = make_runs();
	struct stored_side *side = malloc(sizeof(*side));
	struct error error;

	ck_assert_int_eq(fchdir(tree.fd), 0);
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		int ret = load(vectors[i].name, side, &error);

		ck_assert_msg(!ret == (vectors[i].release != NULL), "%s: %s",
			      vectors[i].name, error.text);
		if (!ret) {
			ck_assert_str_eq(side->side.kernel->release,
					 vectors[i].release);
			ck_assert_uint_eq(run_side_count(&side->side),
					  vectors[i].count);
			ck_assert_str_eq(side->side.name, vectors[i].name);
		}
		side_done(side);
	}
	free(side);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(what_it_may_not_be)
{
	static const struct {
		const char *name, *why;
	} vectors[] = {
		{"none", "none"},
		{"none:6.1", "none"},
		{"runs/a,none", "none"},
		{"runs", "several kernels"},
		{"runs:5.10", "holds no run of one kernel 5.10"},
		{"runs/notes", "holds no run"},
		{"runs/empty", "holds no run"},
		{"runs/a,runs/c", "other runs of this side are of 6.1"},
		{"runs/a,rebuilt", "another build"},
		{"runs/a,runs/a", "given twice"},
		{"runs:6.1,runs/../runs/a", "given twice"},
		{"runs/a,", ""},
		{"", ""},
	};
	struct test_tree tree = make_runs();
	struct stored_side *side = malloc(sizeof(*side));
	struct error error;

	ck_assert_int_eq(fchdir(tree.fd), 0);
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		ck_assert_int_lt(load(vectors[i].name, side, &error), 0);
		ck_assert_msg(strstr(error.text, vectors[i].why) &&
				      error.text[0],
			      "%s: %s", vectors[i].name, error.text);
		side_done(side);
	}
	free(side);
	test_tree_remove(&tree);
}
END_TEST

UNIT_MAIN("sides", what_a_side_may_be, what_it_may_not_be)
