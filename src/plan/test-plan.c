/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of test-tables.c. */

#include <errno.h>
#include <string.h>

#include "base/unit.h"
#include "plan/plan.h"

static struct cell_id parse(const char *text)
{
	struct error error = {""};
	struct cell_id id = {NULL};

	ck_assert_msg(!cell_id_parse(text, &id, &error), "%s: %s", text,
		      error.text);
	return id;
}

/* The error text of a glob list that must fail. */
static void assert_plan_fails(const char *glob, const char *text)
{
	struct error error = {""};
	struct plan plan = {NULL, 7};

	ck_assert_int_eq(plan_build(&glob, 1, &plan, &error), -EINVAL);
	ck_assert_str_eq(error.text, text);
	ck_assert_uint_eq(plan.count, 7);
}

static void assert_plan(const char *const *globs, size_t count,
			const char *const *ids, size_t id_count)
{
	struct error error = {""};
	struct plan plan = {NULL};
	char id[CELL_ID_SIZE];

	ck_assert_msg(!plan_build(globs, count, &plan, &error), "%s",
		      error.text);
	for (size_t i = 0; i < id_count && i < plan.count; i++)
		ck_assert_str_eq(cell_id_format(&plan.cells[i], id), ids[i]);
	ck_assert_uint_eq(plan.count, id_count);
	plan_done(&plan);
	ck_assert_ptr_null(plan.cells);
}

#define ASSERT_PLAN(globs, ...)                                              \
	do {                                                                 \
		static const char *const ids_[] = {__VA_ARGS__};             \
		assert_plan(globs, sizeof(globs) / sizeof((globs)[0]), ids_, \
			    sizeof(ids_) / sizeof(ids_[0]));                 \
	} while (0)

START_TEST(ids_round_trip)
{
	static const char *const ids[] = {
		"rdma_mr/ext4/admission",
		"rdma_mr/ext4/admission@private",
		"o_direct/xfs/reflink_while_pinned",
		"fake_corrupt/fake_dir/fsync_while_pinned",
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct cell_id id = parse(ids[i]);
		char buf[CELL_ID_SIZE];

		ck_assert_str_eq(cell_id_format(&id, buf), ids[i]);
	}
}
END_TEST

START_TEST(bad_ids_say_why)
{
	static const char *const bad[][2] = {
		{"rdma_mt/ext4/admission",
		 "unknown mechanism 'rdma_mt' in 'rdma_mt/ext4/admission': "
		 "the nearest is rdma_mr; see gupcheck list mechanisms"},
		{"rdma_mr/zonefs/admission",
		 "unknown filesystem 'zonefs' in 'rdma_mr/zonefs/admission': "
		 "filesystems are ext4, hugetlbfs, tmpfs, xfs; see gupcheck "
		 "list filesystems"},
		{"rdma_mr/ext4/xfs",
		 "unknown scenario 'xfs' in 'rdma_mr/ext4/xfs': xfs is a "
		 "filesystem; see gupcheck list scenarios"},
		{"rdma_mr/ext4/admission@4k",
		 "unknown variant '4k' in 'rdma_mr/ext4/admission@4k': "
		 "admission has @cleaned, @private"},
		{"rdma_mr/xfs/fsync_while_pinned@4k",
		 "unknown variant '4k' in 'rdma_mr/xfs/fsync_while_pinned@4k'"
		 ": fsync_while_pinned has none"},
		{"rdma_mr", "'rdma_mr' is no cell id: write mechanism/"
			    "filesystem/scenario[@variant]; see gupcheck list "
			    "cells"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct error error = {""};
		struct cell_id id = {NULL};

		ck_assert_int_eq(cell_id_parse(bad[i][0], &id, &error),
				 -EINVAL);
		ck_assert_str_eq(error.text, bad[i][1]);
		ck_assert_ptr_null(id.mechanism);
	}
}
END_TEST

START_TEST(odd_ids_are_refused)
{
	static const char *const bad[] = {
		"",
		"/",
		"//",
		"rdma_mr/ext4/",
		"/ext4/x",
		"rdma_mr/ext4/admission@",
		"rdma_mr//admission",
		"rdma_mr/ext4/admission/more",
		"rdma_mr/ext4/admission@private@cleaned",
		" rdma_mr/ext4/admission",
	};
	char huge[4096];
	struct cell_id id;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(cell_id_parse(bad[i], &id, NULL) == -EINVAL,
			      "'%s' is taken for an id", bad[i]);

	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	ck_assert_int_eq(cell_id_parse(huge, &id, NULL), -EINVAL);
}
END_TEST

START_TEST(globs_match)
{
	static const struct {
		const char *glob, *id;
		bool match;
	} vectors[] = {
		{"*", "a/b/c", true},	      {"a", "a/b/c", true},
		{"a", "a/b/c@v", true},	      {"a", "ab/b/c", false},
		{"a/b", "a/b/c@v", true},     {"a/b", "a/bb/c", false},
		{"a/b/c", "a/b/c", true},     {"a/b/c", "a/b/c@v", false},
		{"a/b/c@*", "a/b/c@v", true}, {"a/b/c@*", "a/b/c", false},
		{"a/b/c*", "a/b/c@v", true},  {"*/b", "a/b/c", true},
		{"*/c", "a/b/c", true},	      {"*/c", "a/b/c@v", false},
		{"*@v", "a/b/c@v", true},     {"a*c", "a/b/c", true},
		{"?/[bx]/c", "a/b/c", true},  {"b", "a/b/c", true},
		{"c", "a/b/c@v", true},	      {"c@v", "a/b/c@v", true},
		{"c@v", "a/b/c", false},      {"?", "aa/bb/cc", false},
		{"", "a/b/c", false},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		ck_assert_msg(glob_match(vectors[i].glob, vectors[i].id) ==
				      vectors[i].match,
			      "'%s' on '%s'", vectors[i].glob, vectors[i].id);
}
END_TEST

START_TEST(long_term_writable_pins_of_tracked_pages_must_be_refused)
{
	static const struct {
		const char *id;
		bool must;
	} vectors[] = {
		{"rdma_mr/ext4/admission", true},
		{"rdma_mr/ext4/admission@cleaned", true},
		{"rdma_mr/ext4/admission@private", false},
		{"rdma_mr/tmpfs/admission", false},
		{"rdma_mr/hugetlbfs/admission", false},
		{"o_direct/ext4/admission", false},
		{"vmsplice/ext4/admission", false},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct cell_id id = parse(vectors[i].id);

		ck_assert_msg(cell_id_must_refuse(&id) == vectors[i].must, "%s",
			      vectors[i].id);
	}
}
END_TEST

START_TEST(traits_say_what_makes_no_cell)
{
	struct cell_id id = parse("rdma_mr/xfs/reflink_while_pinned");

	ck_assert_ptr_null(cell_id_inapplicable(&id));
	id = parse("rdma_mr/ext4/reflink_while_pinned");
	ck_assert_str_eq(cell_id_inapplicable(&id),
			 "the filesystem has no reflinks");
	id = parse("vmsplice/xfs/reflink_while_pinned");
	ck_assert_str_eq(cell_id_inapplicable(&id),
			 "the scenario needs a mechanism that writes");
	id = parse("rdma_mr/hugetlbfs/fsync_while_pinned");
	ck_assert_str_eq(cell_id_inapplicable(&id),
			 "the scenario needs write(2), the filesystem can only "
			 "be mapped");
	id = parse("fake_corrupt/ext4/fsync_while_pinned");
	ck_assert_ptr_null(cell_id_inapplicable(&id));
	id = parse("o_direct/fake_dir/fsync_while_pinned");
	ck_assert_ptr_null(cell_id_inapplicable(&id));
}
END_TEST

START_TEST(variants_have_wants_of_their_own)
{
	struct variant variants[] = {{.name = "v"}, {NULL}};
	struct mechanism mechanism = {.name = "m"};
	struct filesystem filesystem = {.name = "f"};
	struct scenario scenario = {.name = "s", .variants = variants};
	struct cell_id id = {&mechanism, &filesystem, &scenario, variants};

	ck_assert_ptr_null(cell_id_inapplicable(&id));
	variants[0].needs_mechanism = MECH_ANY_SIZE;
	ck_assert_str_eq(cell_id_inapplicable(&id),
			 "the mechanism takes short ranges only");
	mechanism.traits = MECH_ANY_SIZE;
	ck_assert_ptr_null(cell_id_inapplicable(&id));
	variants[0].not_filesystem = FS_HUGE_PAGES;
	filesystem.traits = FS_HUGE_PAGES;
	ck_assert_ptr_nonnull(cell_id_inapplicable(&id));
	/* what nobody may pin is refused whoever asks; the plain cell is not */
	variants[0].flags = VARIANT_READ_ONLY;
	ck_assert(cell_id_must_refuse(&id));
	id.variant = NULL;
	ck_assert(!cell_id_must_refuse(&id));
	ck_assert_ptr_null(cell_id_inapplicable(&id));
}
END_TEST

START_TEST(what_has_to_land_has_no_spare_pages)
{
	const struct scenario takes = {.lands = "it stays"};
	const struct filesystem filesystem = {.name = "f"};
	struct mechanism mechanism = {.name = "m"};
	const struct cell_id id = {&mechanism, &filesystem, &takes, NULL};

	ck_assert_ptr_null(cell_id_inapplicable(&id));
	mechanism.landing.spare_pages = 1;
	ck_assert_ptr_nonnull(cell_id_inapplicable(&id));
}
END_TEST

START_TEST(every_trait_has_a_reason)
{
	struct mechanism mechanism = {.name = "m"};
	struct filesystem filesystem = {.name = "f"};
	struct scenario scenario = {.name = "s"};
	struct cell_id id = {&mechanism, &filesystem, &scenario, NULL};

	for (unsigned int trait = 1; trait <= MECH_BY_FILE; trait <<= 1) {
		scenario = (struct scenario){.needs_mechanism = trait};
		mechanism.traits = ~trait;
		ck_assert_ptr_nonnull(cell_id_inapplicable(&id));
		mechanism.traits = trait;
		ck_assert_ptr_null(cell_id_inapplicable(&id));
		scenario = (struct scenario){.not_mechanism = trait};
		ck_assert_ptr_nonnull(cell_id_inapplicable(&id));
	}
	for (unsigned int trait = 1; trait <= FS_SNAPSHOT; trait <<= 1) {
		scenario = (struct scenario){.needs_filesystem = trait};
		filesystem.traits = ~trait;
		ck_assert_ptr_nonnull(cell_id_inapplicable(&id));
		filesystem.traits = trait;
		ck_assert_ptr_null(cell_id_inapplicable(&id));
		scenario = (struct scenario){.not_filesystem = trait};
		ck_assert_ptr_nonnull(cell_id_inapplicable(&id));
	}
}
END_TEST

START_TEST(plan_without_globs_is_the_product_in_order)
{
	static const char *const none[] = {"*"};
	static const char *const ids[] = {
		"o_direct/ext4/admission",
		"o_direct/ext4/admission@cleaned",
		"o_direct/ext4/admission@private",
		"rdma_mr/ext4/admission",
		"rdma_mr/ext4/admission@cleaned",
		"rdma_mr/ext4/admission@private",
		"vmsplice/ext4/admission",
		"vmsplice/ext4/admission@cleaned",
		"vmsplice/ext4/admission@private",
		"o_direct/ext4/fsync_while_pinned",
		"rdma_mr/ext4/fsync_while_pinned",
		"o_direct/hugetlbfs/admission",
		"o_direct/hugetlbfs/admission@cleaned",
		"o_direct/hugetlbfs/admission@private",
		"rdma_mr/hugetlbfs/admission",
		"rdma_mr/hugetlbfs/admission@cleaned",
		"rdma_mr/hugetlbfs/admission@private",
		"vmsplice/hugetlbfs/admission",
		"vmsplice/hugetlbfs/admission@cleaned",
		"vmsplice/hugetlbfs/admission@private",
		"o_direct/tmpfs/admission",
		"o_direct/tmpfs/admission@cleaned",
		"o_direct/tmpfs/admission@private",
		"rdma_mr/tmpfs/admission",
		"rdma_mr/tmpfs/admission@cleaned",
		"rdma_mr/tmpfs/admission@private",
		"vmsplice/tmpfs/admission",
		"vmsplice/tmpfs/admission@cleaned",
		"vmsplice/tmpfs/admission@private",
		"o_direct/tmpfs/fsync_while_pinned",
		"rdma_mr/tmpfs/fsync_while_pinned",
		"o_direct/xfs/admission",
		"o_direct/xfs/admission@cleaned",
		"o_direct/xfs/admission@private",
		"rdma_mr/xfs/admission",
		"rdma_mr/xfs/admission@cleaned",
		"rdma_mr/xfs/admission@private",
		"vmsplice/xfs/admission",
		"vmsplice/xfs/admission@cleaned",
		"vmsplice/xfs/admission@private",
		"o_direct/xfs/fsync_while_pinned",
		"rdma_mr/xfs/fsync_while_pinned",
		"o_direct/xfs/reflink_while_pinned",
		"rdma_mr/xfs/reflink_while_pinned",
	};
	size_t count = sizeof(ids) / sizeof(ids[0]);

	assert_plan(NULL, 0, ids, count);
	assert_plan(none, 1, ids, count);
}
END_TEST

START_TEST(globs_add_up_and_keep_the_order)
{
	static const char *const globs[] = {"rdma_mr/xfs/r*", "*/ext4/fsync*",
					    "rdma_mr/ext4/fsync_while_pinned"};

	ASSERT_PLAN(globs, "o_direct/ext4/fsync_while_pinned",
		    "rdma_mr/ext4/fsync_while_pinned",
		    "rdma_mr/xfs/reflink_while_pinned");
}
END_TEST

START_TEST(fakes_want_their_name)
{
	static const char *const both[] = {"fake_corrupt/fake_dir/fsync*"};
	static const char *const mechanism[] = {"fake_corrupt/*/refl*"};
	static const char *const filesystem[] = {"*/fake_dir/fsync*"};

	ASSERT_PLAN(both, "fake_corrupt/fake_dir/fsync_while_pinned");
	ASSERT_PLAN(mechanism, "fake_corrupt/xfs/reflink_while_pinned");
	ASSERT_PLAN(filesystem, "o_direct/fake_dir/fsync_while_pinned",
		    "rdma_mr/fake_dir/fsync_while_pinned");
}
END_TEST

START_TEST(useless_globs_say_why)
{
	assert_plan_fails(
		"rdma_mt/*",
		"no cell matches 'rdma_mt/*': no mechanism is "
		"'rdma_mt', the nearest is rdma_mr; see gupcheck list "
		"cells");
	assert_plan_fails("pmem",
			  "no cell matches 'pmem': no mechanism is 'pmem', "
			  "mechanisms are o_direct, rdma_mr, vmsplice; see "
			  "gupcheck list cells");
	assert_plan_fails("fake*",
			  "no cell matches 'fake*': no mechanism is 'fake*', "
			  "mechanisms are o_direct, rdma_mr, vmsplice; see "
			  "gupcheck list cells");
	assert_plan_fails("rdma_mr/ext4/reflink_while_pinned",
			  "no cell matches 'rdma_mr/ext4/reflink_while_pinned'"
			  ": the filesystem has no reflinks; see gupcheck list "
			  "cells");
	assert_plan_fails("*/ext4/reflink*",
			  "no cell matches '*/ext4/reflink*': these make no "
			  "cell together; see gupcheck list cells");
	assert_plan_fails("rdma_mr/ext4/admission@thp",
			  "unknown variant 'thp' in 'rdma_mr/ext4/admission@thp"
			  "': admission has @cleaned, @private");
}
END_TEST

START_TEST(one_useless_glob_spoils_the_plan)
{
	static const char *const globs[] = {"rdma_mr", "nothing"};
	struct error error = {""};
	struct plan plan;

	ck_assert_int_eq(plan_build(globs, 2, &plan, &error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "'nothing'"));
}
END_TEST

UNIT_MAIN("plan", ids_round_trip, bad_ids_say_why, odd_ids_are_refused,
	  globs_match, long_term_writable_pins_of_tracked_pages_must_be_refused,
	  traits_say_what_makes_no_cell, variants_have_wants_of_their_own,
	  every_trait_has_a_reason, what_has_to_land_has_no_spare_pages,
	  plan_without_globs_is_the_product_in_order,
	  globs_add_up_and_keep_the_order, fakes_want_their_name,
	  useless_globs_say_why, one_useless_glob_spoils_the_plan)
