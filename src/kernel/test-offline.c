/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/unit.h"
#include "kernel/config.h"
#include "kernel/module.h"
#include "kernel/offline.h"
#include "kernel/test-tree.h"

#define CONFIGS TESTDATA "/kernel/testdata/config/"

static struct offline read_config(const char *name)
{
	struct offline offline = OFFLINE_NONE;
	struct error error = {""};
	char path[512];

	snprintf(path, sizeof(path), CONFIGS "%s", name);
	ck_assert_msg(!offline_read_config(&offline, path, &error), "%s",
		      error.text);
	return offline;
}

/* A modules folder, in which one file of an index is missing */
static struct test_tree make_modules(void)
{
	struct test_tree tree = test_tree_make();

	test_tree_file(&tree, "/modules.builtin",
		       "kernel/fs/fuse/fuse.ko\nkernel/net/unix/unix.ko\n");
	test_tree_file(&tree, "/modules.dep",
		       "kernel/lib/libcrc32c.ko.xz:\n"
		       "kernel/fs/xfs/xfs.ko.xz: kernel/lib/libcrc32c.ko.xz\n"
		       "kernel/drivers/net/veth.ko:\n"
		       "kernel/sw/rdma-rxe.ko: kernel/core/ib_core.ko\n");
	test_tree_file(&tree, "/kernel/lib/libcrc32c.ko.xz", "");
	test_tree_file(&tree, "/kernel/fs/xfs/xfs.ko.xz", "");
	test_tree_file(&tree, "/kernel/sw/rdma-rxe.ko", "");
	return tree;
}

START_TEST(values_of_symbols)
{
	static const char text[] = "CONFIG_A=y\nCONFIG_B=m\n"
				   "# CONFIG_C is not set\nCONFIG_D=32\n"
				   "CONFIG_AB=\"y\"\nCONFIG_E=0";

	ck_assert_int_eq(config_value(text, "CONFIG_A"), 'y');
	ck_assert_int_eq(config_value(text, "CONFIG_B"), 'm');
	ck_assert_int_eq(config_value(text, "CONFIG_C"), 'n');
	ck_assert_int_eq(config_value(text, "CONFIG_AB"), 'n');
	ck_assert_int_eq(config_value(text, "CONFIG_F"), 'n');
	ck_assert_int_eq(config_value(text, "CONFIG_D>=2"), 'y');
	ck_assert_int_eq(config_value(text, "CONFIG_D>=33"), 'n');
	ck_assert_int_eq(config_value(text, "CONFIG_E>=1"), 'n');
	ck_assert_int_eq(config_value(text, "CONFIG_F>=1"), 'n');
	ck_assert_int_eq(config_value("", "CONFIG_A"), 'n');
}
END_TEST

struct question {
	const char *kind;
	const char *argument;
	const char *symbol;
	int answer;
};

static void ask(struct offline *offline, const struct question *questions)
{
	for (; questions->kind; questions++) {
		int answer =
			offline_answer(offline, questions->kind,
				       questions->argument, questions->symbol);

		ck_assert_msg(answer == questions->answer, "%s:%s@%s: %d",
			      questions->kind, questions->argument,
			      questions->symbol, answer);
	}
}

START_TEST(config_alone)
{
	static const struct question questions[] = {
		{"root", "", "", 1},
		{"pci", "1234:11e8", "", 1},
		{"module", "veth", "CONFIG_VETH", 1},
		{"filesystem", "f2fs", "CONFIG_F2FS_FS", 0},
		{"module", "rdma_rxe", "CONFIG_RDMA_RXE", 0},
		{"socket", "xdp", "CONFIG_XDP_SOCKETS", 1},
		{"syscall", "userfaultfd", "CONFIG_USERFAULTFD", 1},
		{"syscall", "userfaultfd", "CONFIG_NO_SUCH", 0},
		{"syscall", "userfaultfd", "", 1},
		{"device", "/dev/ttyS1", "CONFIG_SERIAL_8250_RUNTIME_UARTS>=2",
		 0},
		{"program", "mkfs.none", "", 1},
		{"wants", "none", "", 1},
		{"sysctl", "a.b=1", "", 1},
		{"never", "", "", -ENOENT},
		{0},
	};
	struct offline offline = read_config("without-modules");

	offline.config_only = true;
	ask(&offline, questions);
	offline_done(&offline);
}
END_TEST

START_TEST(module_without_folder)
{
	static const struct question with_none[] = {
		{"module", "veth", "CONFIG_VETH", 0},
		{"filesystem", "tmpfs", "CONFIG_TMPFS", 1},
		{"program", "mkfs.none", "", -ENOENT},
		{0},
	};
	static const struct question later[] = {
		{"module", "veth", "CONFIG_VETH", 1},
		{0},
	};
	struct offline offline = read_config("debian-6.12");

	ask(&offline, with_none);
	offline.config_only = true;
	ask(&offline, later);
	offline_done(&offline);
}
END_TEST

START_TEST(lists_of_modules)
{
	static const struct question questions[] = {
		{"module", "fuse", "CONFIG_FUSE_FS", 1},
		{"filesystem", "xfs", "CONFIG_XFS_FS", 1},
		{"filesystem", "tmpfs", "CONFIG_TMPFS", 1},
		{"filesystem", "f2fs", "CONFIG_F2FS_FS", 0},
		/* its own file is missing, and that of what it needs */
		{"module", "veth", "CONFIG_VETH", 0},
		{"module", "rdma_rxe", "CONFIG_RDMA_RXE", 0},
		/* not to be told without a configuration */
		{"socket", "xdp", "CONFIG_XDP_SOCKETS", 1},
		{0},
	};
	struct test_tree tree = make_modules();
	struct offline offline = OFFLINE_NONE;
	struct error error = {""};

	ck_assert_msg(!offline_read_modules(&offline, tree.path, &error), "%s",
		      error.text);
	ask(&offline, questions);
	/* `-` and `_` are equal */
	test_tree_file(&tree, "/kernel/core/ib_core.ko", "");
	ck_assert_int_eq(offline_answer(&offline, "module", "rdma_rxe", ""), 1);
	offline_done(&offline);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(socket_of_a_module_is_not_loaded_in_a_guest)
{
	struct offline offline = OFFLINE_NONE;

	offline.config = strdup("CONFIG_PACKET=m\n");
	ck_assert_int_eq(
		offline_answer(&offline, "socket", "packet", "CONFIG_PACKET"),
		0);
	offline.config_only = true;
	ck_assert_int_eq(
		offline_answer(&offline, "socket", "packet", "CONFIG_PACKET"),
		1);
	offline_done(&offline);
}
END_TEST

START_TEST(what_is_no_configuration)
{
	struct test_tree tree = test_tree_make();
	struct offline offline = OFFLINE_NONE;
	struct error error = {""};
	char path[128];

	test_tree_file(&tree, "/noise", "all:\n\tmake config\n");
	snprintf(path, sizeof(path), "%s/noise", tree.path);
	ck_assert_int_eq(offline_read_config(&offline, path, &error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "/noise: no kernel config"));
	memset(&error, 0, sizeof(error));
	snprintf(path, sizeof(path), "%s/none", tree.path);
	ck_assert_int_eq(offline_read_config(&offline, path, &error), -ENOENT);
	memset(&error, 0, sizeof(error));
	ck_assert_int_eq(offline_read_modules(&offline, tree.path, &error),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(error.text, "depmod"));
	offline_done(&offline);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(what_modprobe_would_do)
{
	static const struct {
		const char *plan;
		enum module_state state;
	} plans[] = {
		{"", MODULE_ABSENT},
		{"builtin ext4\n", MODULE_PRESENT},
		{"insmod /lib/modules/6.1/kernel/drivers/net/veth.ko \n",
		 MODULE_LOADABLE},
		{"builtin crc32c\ninsmod /lib/modules/6.1/kernel/xfs.ko.xz\n",
		 MODULE_LOADABLE},
		{"insmod /lib/modules/6.1/kernel/core.ko\ninstall /bin/false \n",
		 MODULE_BARRED},
	};

	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
		ck_assert_int_eq(module_plan_parse(plans[i].plan),
				 plans[i].state);
	ck_assert_int_eq(module_look("gupcheck_has_no_such_module"),
			 MODULE_ABSENT);
}
END_TEST

UNIT_MAIN("offline", values_of_symbols, config_alone, module_without_folder,
	  lists_of_modules, socket_of_a_module_is_not_loaded_in_a_guest,
	  what_is_no_configuration, what_modprobe_would_do)
