/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/unit.h"
#include "kernel/checkup.h"
#include "kernel/mend.h"
#include "kernel/test-tree.h"

#define CONFIGS TESTDATA "/kernel/testdata/config/"

static void begin(struct checkup *ret, const char *config)
{
	struct offline offline = OFFLINE_NONE;

	offline.config = strdup(config);
	offline.config_only = true;
	checkup_kernel(ret, &offline);
}

static const struct checkup_item *add(struct checkup *checkup,
				      const char *require)
{
	const struct checkup_item *item =
		checkup_add(checkup, CHECKUP_MECHANISM, "test", require, NULL);

	ck_assert_ptr_nonnull(item);
	return item;
}

static void assert_symbols(const struct checkup_item *item,
			   const char *const *symbols)
{
	size_t i = 0;

	for (; symbols[i]; i++) {
		ck_assert_uint_lt(i, item->symbol_count);
		ck_assert_str_eq(item->symbols[i], symbols[i]);
	}
	ck_assert_uint_eq(i, item->symbol_count);
}

START_TEST(what_runs_has_no_mend)
{
	struct checkup checkup;
	const struct checkup_item *item;

	begin(&checkup, "CONFIG_XFS_FS=y\nCONFIG_VETH=m\n");
	item = add(&checkup, "root & filesystem:xfs@CONFIG_XFS_FS");
	ck_assert(item->runs);
	ck_assert_str_eq(item->mend, "");
	ck_assert_str_eq(item->note, "");
	item = add(&checkup, "module:veth@CONFIG_VETH");
	ck_assert(item->runs);
	ck_assert_str_eq(item->note,
			 "as module, has to be in the modules folder: veth");
	ck_assert(add(&checkup, NULL)->runs);
	ck_assert_int_eq(checkup_result(&checkup), CHECKUP_ALL);
	checkup_done(&checkup);
}
END_TEST

START_TEST(symbols_bring_what_they_depend_on)
{
	static const char *const bare[] = {
		"CONFIG_NET",	     "CONFIG_INET",	"CONFIG_PCI",
		"CONFIG_INFINIBAND", "CONFIG_RDMA_RXE", NULL};
	static const char *const most[] = {"CONFIG_RDMA_RXE", NULL};
	static const char *const number[] = {
		"CONFIG_SERIAL_8250_NR_UARTS>=2",
		"CONFIG_SERIAL_8250_RUNTIME_UARTS>=2", NULL};
	struct checkup checkup;

	begin(&checkup, "CONFIG_X86=y\n");
	assert_symbols(add(&checkup, "module:rdma_rxe@CONFIG_RDMA_RXE"), bare);
	checkup_done(&checkup);
	begin(&checkup, "CONFIG_NET=y\nCONFIG_INET=y\nCONFIG_PCI=y\n"
			"CONFIG_INFINIBAND=m\n");
	assert_symbols(add(&checkup, "module:rdma_rxe@CONFIG_RDMA_RXE"), most);
	checkup_done(&checkup);
	begin(&checkup, "CONFIG_SERIAL_8250=y\nCONFIG_SERIAL_8250_NR_UARTS=1\n"
			"CONFIG_SERIAL_8250_RUNTIME_UARTS=1\n");
	assert_symbols(
		add(&checkup,
		    "device:/dev/ttyS1@CONFIG_SERIAL_8250_RUNTIME_UARTS>=2"),
		number);
	checkup_done(&checkup);
}
END_TEST

START_TEST(built_in_is_asked_for_where_a_module_is_too_late)
{
	static const char *const symbols[] = {
		"CONFIG_SERIAL_8250", "CONFIG_SERIAL_8250_CONSOLE", NULL};
	struct checkup checkup;

	begin(&checkup, "CONFIG_TTY=y\nCONFIG_SERIAL_8250=m\n");
	assert_symbols(
		add(&checkup, "device:/dev/ttyS0@CONFIG_SERIAL_8250_CONSOLE"),
		symbols);
	checkup_done(&checkup);
}
END_TEST

START_TEST(packages_are_named)
{
	struct test_tree tree = test_tree_make();
	struct checkup checkup;
	const struct checkup_item *item;

	begin(&checkup, "CONFIG_XFS_FS=y\n");
	checkup.offline.config_only = false;
	checkup.world.root = tree.fd;
	item = add(&checkup, "program:mkfs.xfs & program:xfs_repair & "
			     "program:mkfs.ext4 & program:no-such-program");
	ck_assert(!item->runs);
	ck_assert_str_eq(
		item->mend,
		"apt install xfsprogs e2fsprogs; install no-such-program");
	ck_assert_uint_eq(item->package_count, 2);
	item = add(&checkup, "never@libibverbs-at-build-time");
	ck_assert_str_eq(
		item->mend,
		"apt install libibverbs-dev libnl-3-dev libnl-route-3-dev; build gupcheck again");
	checkup_done(&checkup);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(module_that_is_not_there_is_no_matter_of_configuration)
{
	struct checkup checkup;
	const struct checkup_item *item;

	begin(&checkup, "CONFIG_VETH=m\n");
	checkup.offline.config_only = false;
	item = add(&checkup, "module:veth@CONFIG_VETH");
	ck_assert(!item->runs);
	ck_assert_uint_eq(item->symbol_count, 0);
	ck_assert_ptr_nonnull(strstr(item->mend, "--modules"));
	checkup_done(&checkup);
}
END_TEST

START_TEST(alternatives_and_malformed)
{
	static const char *const both[] = {"CONFIG_A", "CONFIG_B", NULL};
	struct checkup checkup;

	begin(&checkup, "CONFIG_C=y\n");
	assert_symbols(add(&checkup, "module:a@CONFIG_A | module:b@CONFIG_B"),
		       both);
	ck_assert(add(&checkup, "module:a@CONFIG_A | module:c@CONFIG_C")->runs);
	ck_assert(!add(&checkup, "root &")->runs);
	ck_assert_ptr_nonnull(
		strstr(checkup.items[checkup.count - 1].reason, "malformed"));
	checkup_done(&checkup);
}
END_TEST

static void add_kind(struct checkup *checkup, enum checkup_kind kind, bool runs,
		     bool optional)
{
	struct checkup_item *item =
		checkup_add(checkup, kind, "test", runs ? NULL : "never", NULL);

	ck_assert_ptr_nonnull(item);
	item->optional = optional;
}

START_TEST(all_some_none)
{
	struct checkup checkup;

	begin(&checkup, "CONFIG_A=y\n");
	add_kind(&checkup, CHECKUP_MECHANISM, true, false);
	add_kind(&checkup, CHECKUP_FILESYSTEM, true, false);
	add_kind(&checkup, CHECKUP_HARNESS, true, false);
	add_kind(&checkup, CHECKUP_HARNESS, false, true);
	ck_assert_int_eq(checkup_result(&checkup), CHECKUP_ALL);
	add_kind(&checkup, CHECKUP_MECHANISM, false, false);
	ck_assert_int_eq(checkup_result(&checkup), CHECKUP_SOME);
	/* a mechanism without any filesystem makes no cell */
	checkup.items[1].runs = false;
	ck_assert_int_eq(checkup_result(&checkup), CHECKUP_NONE);
	checkup.items[1].runs = true;
	add_kind(&checkup, CHECKUP_HARNESS, false, false);
	ck_assert_int_eq(checkup_result(&checkup), CHECKUP_NONE);
	checkup_done(&checkup);
}
END_TEST

/* Each recorded configuration: what gupcheck itself misses in it */
START_TEST(harness_on_recorded_configurations)
{
	static const char *const names[] = {"debian-5.10", "debian-6.12",
					    "without-modules"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct offline offline = OFFLINE_NONE;
		struct checkup checkup;
		char path[512];

		snprintf(path, sizeof(path), CONFIGS "%s", names[i]);
		ck_assert_int_eq(offline_read_config(&offline, path, NULL), 0);
		checkup_kernel(&checkup, &offline);
		ck_assert_int_eq(checkup_add_harness(&checkup, true), 0);
		ck_assert_uint_gt(checkup.count, 8);
		for (size_t at = 0; at < checkup.count; at++)
			ck_assert_msg(checkup.items[at].runs, "%s: %s: %s",
				      names[i], checkup.items[at].name,
				      checkup.items[at].reason);
		checkup_done(&checkup);
	}
}
END_TEST

START_TEST(harness_on_a_bare_configuration)
{
	struct checkup checkup;
	size_t needed = 0;

	begin(&checkup, "CONFIG_X86=y\n");
	ck_assert_int_eq(checkup_add_harness(&checkup, true), 0);
	for (size_t i = 0; i < checkup.count; i++) {
		ck_assert(!checkup.items[i].runs);
		ck_assert_uint_gt(checkup.items[i].symbol_count, 0);
		ck_assert_str_ne(checkup.items[i].note, "");
		needed += !checkup.items[i].optional;
	}
	ck_assert_uint_gt(needed, 2);
	ck_assert_int_eq(checkup_result(&checkup), CHECKUP_NONE);
	checkup_done(&checkup);
}
END_TEST

/* The machine that runs the test; only what every Linux has */
START_TEST(this_machine)
{
	struct checkup checkup;

	checkup_machine(&checkup);
	ck_assert_ptr_nonnull(strstr(checkup.title, "Linux "));
	ck_assert(add(&checkup, "program:sh & filesystem:proc & socket:unix & "
				"device:/dev/null & syscall:process_vm_writev")
			  ->runs);
	ck_assert(!add(&checkup, "module:gupcheck_has_no_such_module")->runs);
	ck_assert(!add(&checkup, "device:/dev/gupcheck-has-none")->runs);
	checkup_done(&checkup);
}
END_TEST

UNIT_MAIN("checkup", what_runs_has_no_mend, symbols_bring_what_they_depend_on,
	  built_in_is_asked_for_where_a_module_is_too_late, packages_are_named,
	  module_that_is_not_there_is_no_matter_of_configuration,
	  alternatives_and_malformed, all_some_none,
	  harness_on_recorded_configurations, harness_on_a_bare_configuration,
	  this_machine)
