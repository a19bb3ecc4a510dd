/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of test-tables.c. */

#include <errno.h>
#include <string.h>

#include "base/unit.h"
#include "plan/order.h"
#include "plan/shard.h"

static struct plan whole_plan(void)
{
	struct error error = {""};
	struct plan plan = {NULL};

	ck_assert_int_eq(plan_build(NULL, 0, &plan, &error), 0);
	ck_assert_uint_gt(plan.count, 3);
	return plan;
}

START_TEST(text_is_read_and_written)
{
	static const char *const good[] = {"1/1", "2/5", "9999/9999"};
	struct error error = {""};
	char text[SHARD_TEXT_SIZE];
	struct shard shard;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert_int_eq(shard_parse(good[i], &shard, &error), 0);
		ck_assert_str_eq(shard_format(&shard, text), good[i]);
	}
}
END_TEST

START_TEST(bad_text_is_refused)
{
	static const char *const bad[] = {
		"",	"0/4",	 "5/4",	    "a/b",    "1",
		"1/",	"/4",	 "-1/4",    "1/-4",   "+1/4",
		" 1/4", "1/4 ",	 "1/4/4",   "1.0/4",  "0/0",
		"1/0",	"1/4x2", "1/10000", "1e1/20", "00001/4",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct shard shard = {7, 8};
		struct error error = {""};

		ck_assert_msg(shard_parse(bad[i], &shard, &error) == -EINVAL,
			      "'%s' was taken", bad[i]);
		ck_assert_ptr_nonnull(strstr(error.text, bad[i]));
		ck_assert_uint_eq(shard.index, 7);
	}
}
END_TEST

/* What a shard holds is an interface: machines of all kinds have to agree */
START_TEST(hash_never_changes)
{
	static const struct {
		const char *id;
		unsigned int index;
	} cells[] = {
		{"rdma_mr/ext4/admission", 910},
		{"rdma_mr/ext4/admission@private", 481},
		{"o_direct/xfs/reflink_while_pinned", 942},
		{"fake_corrupt/fake_dir/fsync_after_unpin", 735},
	};

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		struct shard shard = {cells[i].index, 1000};

		ck_assert_msg(shard_has(&shard, cells[i].id), "%s",
			      cells[i].id);
	}
}
END_TEST

START_TEST(every_cell_is_in_one_shard)
{
	struct plan plan = whole_plan();

	for (unsigned int n = 1; n <= 40; n++) {
		for (size_t i = 0; i < plan.count; i++) {
			char id[CELL_ID_SIZE];
			unsigned int found = 0;

			cell_id_format(&plan.cells[i], id);
			for (unsigned int at = 1; at <= n; at++)
				found += shard_has(&(struct shard){at, n}, id);
			ck_assert_uint_eq(found, 1);
		}
	}
	plan_done(&plan);
}
END_TEST

START_TEST(cut_keeps_the_order)
{
	struct plan plan = whole_plan();
	const struct shard none = {0}, second = {2, 2};
	size_t count = plan.count;

	shard_cut(&none, &plan);
	ck_assert_uint_eq(plan.count, count);
	shard_cut(&second, &plan);
	ck_assert_uint_lt(plan.count, count);
	for (size_t i = 1; i < plan.count; i++)
		ck_assert_int_lt(
			cell_id_order(&plan.cells[i - 1], &plan.cells[i]), 0);
	plan_done(&plan);
}
END_TEST

START_TEST(order_is_that_of_the_plan)
{
	struct plan plan = whole_plan();

	for (size_t i = 0; i < plan.count; i++) {
		for (size_t j = 0; j < plan.count; j++) {
			int order =
				cell_id_order(&plan.cells[i], &plan.cells[j]);

			ck_assert_int_eq(order, (i > j) - (i < j));
		}
	}
	plan_done(&plan);
}
END_TEST

UNIT_MAIN("shard", text_is_read_and_written, bad_text_is_refused,
	  hash_never_changes, every_cell_is_in_one_shard, cut_keeps_the_order,
	  order_is_that_of_the_plan)
