/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>

#include "base/unit.h"
#include "kernel/counters.h"
#include "kernel/root.h"
#include "kernel/test-tree.h"

START_TEST(all_are_read)
{
	struct test_tree tree = test_tree_make();
	struct kernel_counters counters;

	test_tree_file(&tree, "/proc/sys/kernel/tainted", "672\n");
	test_tree_file(&tree, "/sys/kernel/warn_count", "3\n");
	test_tree_file(&tree, "/sys/kernel/oops_count", "0\n");
	test_tree_file(&tree, "/proc/vmstat",
		       "nr_free_pages 100\n"
		       "nr_foll_pin_acquired 70\n"
		       "nr_foll_pin_released_more 1\n"
		       "nr_foll_pin_released 69\n");
	kernel_counters_read(tree.fd, &counters);
	ck_assert_uint_eq(counters.taint, 672);
	ck_assert_int_eq(counters.events[COUNTER_WARN], 3);
	ck_assert_int_eq(counters.events[COUNTER_OOPS], 0);
	ck_assert_int_eq(counters.pins_acquired, 70);
	ck_assert_int_eq(counters.pins_released, 69);
	ck_assert_int_eq(kernel_pins_held(&counters), 1);
	test_tree_remove(&tree);
}
END_TEST

/* What lags behind would be taken for what was not pinned */
START_TEST(sums_that_lag_are_not_exact)
{
	struct test_tree tree = test_tree_make();

	test_tree_file(&tree, "/proc/vmstat", "nr_foll_pin_acquired 70\n");
	ck_assert_int_eq(kernel_pins_acquired(tree.fd), COUNTER_ABSENT);
	test_tree_file(&tree, "/proc/sys/vm/stat_refresh", "");
	ck_assert_int_eq(kernel_pins_acquired(tree.fd), 70);
	test_tree_file(&tree, "/proc/vmstat", "nr_free_pages 100\n");
	ck_assert_int_eq(kernel_pins_acquired(tree.fd), COUNTER_ABSENT);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(absent_is_not_zero)
{
	struct test_tree tree = test_tree_make();
	struct kernel_counters counters;

	test_tree_file(&tree, "/proc/sys/kernel/tainted", "0\n");
	test_tree_file(&tree, "/sys/kernel/warn_count", "many\n");
	test_tree_file(&tree, "/proc/vmstat", "nr_free_pages 100\n");
	kernel_counters_read(tree.fd, &counters);
	ck_assert_uint_eq(counters.taint, 0);
	ck_assert_int_eq(counters.events[COUNTER_WARN], COUNTER_ABSENT);
	ck_assert_int_eq(counters.events[COUNTER_OOPS], COUNTER_ABSENT);
	ck_assert_int_eq(counters.pins_acquired, COUNTER_ABSENT);
	ck_assert_int_eq(counters.pins_released, COUNTER_ABSENT);
	ck_assert_int_eq(kernel_pins_held(&counters), 0);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(only_a_rise_counts)
{
	struct kernel_counters before = {.events = {3, 2, COUNTER_ABSENT}};
	struct kernel_counters after = {.events = {5, 2, 7}};

	ck_assert_int_eq(counter_rise(&before, &after, COUNTER_WARN), 2);
	ck_assert_int_eq(counter_rise(&before, &after, COUNTER_OOPS), 0);
	ck_assert_int_eq(counter_rise(&before, &after, COUNTER_HUNG_TASK), 0);
	ck_assert_int_eq(counter_rise(&after, &before, COUNTER_WARN), 0);
	ck_assert_str_eq(counter_name(COUNTER_HUNG_TASK),
			 "hung_task_detect_count");
}
END_TEST

START_TEST(large_vmstat_is_read_whole)
{
	struct test_tree tree = test_tree_make();
	struct kernel_counters counters;
	char text[20000] = "nr_foll_pin_acquired 5\n";
	size_t len = strlen(text);

	while (len < sizeof(text) - 64)
		len += (size_t)sprintf(text + len, "some_counter %zu\n", len);
	sprintf(text + len, "nr_foll_pin_released 4\n");
	test_tree_file(&tree, "/proc/vmstat", text);
	kernel_counters_read(tree.fd, &counters);
	ck_assert_int_eq(counters.pins_acquired, 5);
	ck_assert_int_eq(counters.pins_released, 4);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(taint_has_letters)
{
	static const struct {
		uint64_t bits;
		const char *letters;
	} taints[] = {
		{0, ""},
		{1u << TAINT_MACHINE_CHECK, "M"},
		{1u << TAINT_BAD_PAGE, "B"},
		{1u << TAINT_DIED, "D"},
		{1u << TAINT_WARNED, "W"},
		{1u << TAINT_SOFT_LOCKUP, "L"},
		{672, "BDW"},
		{(1u << 20) - 1, "PFSRMBUDAWCIOELKXTNJ"},
		{1ull << 20, "?"},
		{1ull << 63, "?"},
	};
	char buffer[TAINT_STRING_SIZE];

	for (size_t i = 0; i < sizeof(taints) / sizeof(taints[0]); i++)
		ck_assert_str_eq(taint_to_string(taints[i].bits, buffer),
				 taints[i].letters);
	ck_assert_uint_eq(strlen(taint_to_string(UINT64_MAX, buffer)), 64);
}
END_TEST

UNIT_MAIN("counters", all_are_read, only_a_rise_counts, absent_is_not_zero,
	  sums_that_lag_are_not_exact, large_vmstat_is_read_whole,
	  taint_has_letters)
