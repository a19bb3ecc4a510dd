/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/unit.h"
#include "kernel/require.h"
#include "kernel/test-tree.h"

/* What the fake callbacks were asked, in order, and what they know */
struct asked {
	char modules[256];
};

static bool fake_module(void *arg, const char *name)
{
	struct asked *asked = arg;

	strcat(strcat(asked->modules, name), " ");
	return !strcmp(name, "loadable");
}

static bool fake_syscall(void *arg, const char *name)
{
	return !strcmp(name, "userfaultfd");
}

static bool fake_socket(void *arg, const char *name)
{
	return !strcmp(name, "xdp");
}

static struct test_tree make_machine(void)
{
	struct test_tree tree = test_tree_make();

	test_tree_file(&tree, "/proc/filesystems",
		       "nodev\ttmpfs\n\text4\nnodev\tfuse\n\tfuseblk\n");
	test_tree_file(&tree, "/proc/sys/kernel/osrelease", "6.1.0-test\n");
	test_tree_file(&tree, "/proc/sys/kernel/io_uring_disabled", "0\n");
	test_tree_file(&tree, "/proc/sys/vm/two", "1 2\n");
	test_tree_file(&tree, "/lib/modules/6.1.0-test/modules.builtin",
		       "kernel/drivers/net/veth.ko\n"
		       "kernel/fs/binfmt-misc.ko\n");
	test_tree_file(&tree, "/boot/config-6.1.0-test",
		       "CONFIG_XDP_SOCKETS=y\n# CONFIG_SIW is not set\n"
		       "CONFIG_RXE=m\n");
	test_tree_file(&tree, "/sys/module/rdma_rxe/refcnt", "0\n");
	test_tree_file(&tree, "/sys/bus/pci/devices/0000:00:00.0/vendor",
		       "0x8086\n");
	test_tree_file(&tree, "/sys/bus/pci/devices/0000:00:00.0/device",
		       "0x0001\n");
	test_tree_file(&tree, "/sys/bus/pci/devices/0000:00:01.0/vendor",
		       "0x1234\n");
	test_tree_file(&tree, "/sys/bus/pci/devices/0000:00:01.0/device",
		       "0x11e8\n");
	test_tree_file(&tree, "/sbin/mkfs.ext4", "#!/bin/true\n");
	test_tree_mode(&tree, "/sbin/mkfs.ext4", 0755);
	test_tree_file(&tree, "/opt/bin/tool", "#!/bin/true\n");
	test_tree_mode(&tree, "/opt/bin/tool", 0755);
	test_tree_file(&tree, "/sbin/mkfs.text", "not executable\n");
	test_tree_mode(&tree, "/sbin/mkfs.text", 0644);
	test_tree_file(&tree, "/sbin/folder/file", "");
	test_tree_file(&tree, "/dev/file", "no device\n");
	return tree;
}

static const struct {
	const char *expression;
	int met;
	const char *reason;
} cases[] = {
	{NULL, 1, ""},
	{"", 1, ""},
	{"  ", 1, ""},
	{"root", 1, ""},
	{"program:mkfs.ext4", 1, ""},
	{"program:tool", 1, ""},
	{"program:/opt/bin/tool", 1, ""},
	{"program:mkfs.xfs", 0, "no mkfs.xfs in PATH"},
	{"program:mkfs.text", 0, "no mkfs.text in PATH"},
	{"program:folder", 0, "no folder in PATH"},
	{"program:/opt/tool", 0, "no /opt/tool in PATH"},
	{"filesystem:ext4@CONFIG_EXT4_FS", 1, ""},
	{"filesystem:tmpfs", 1, ""},
	{"filesystem:fuse", 1, ""},
	{"filesystem:ext", 0, "kernel without ext"},
	{"filesystem:loadable", 1, ""},
	{"filesystem:xfs@CONFIG_XFS_FS", 0,
	 "kernel without xfs (CONFIG_XFS_FS)"},
	{"module:rdma_rxe", 1, ""},
	{"module:rdma-rxe", 1, ""},
	{"module:veth", 1, ""},
	{"module:binfmt_misc", 1, ""},
	{"module:loadable", 1, ""},
	{"module:xdp@CONFIG_XDP_SOCKETS", 1, ""},
	{"module:siw@CONFIG_SIW", 0, "no kernel module siw (CONFIG_SIW)"},
	{"module:rxe@CONFIG_RXE", 0,
	 "no kernel module rxe (CONFIG_RXE=m: module not built, or not installed)"},
	{"filesystem:rxe@CONFIG_RXE", 0,
	 "kernel without rxe (CONFIG_RXE=m: module not built, or not installed)"},
	{"module:vet", 0, "no kernel module vet"},
	{"device:/dev/file", 0, "no device /dev/file"},
	{"device:/dev/none", 0, "no device /dev/none"},
	{"path:/dev/file", 1, ""},
	{"path:/dev/none", 0, "no /dev/none"},
	{"pci:1234:11e8", 1, ""},
	{"pci:11e8:1234", 0, "no PCI device 11e8:1234"},
	{"pci:1234:0001", 0, "no PCI device 1234:0001"},
	{"sysctl:kernel.io_uring_disabled=0", 1, ""},
	{"sysctl:kernel.io_uring_disabled=1", 0,
	 "needs sysctl kernel.io_uring_disabled=1"},
	{"sysctl:kernel.no_such_setting=1", 1, ""},
	{"syscall:userfaultfd", 1, ""},
	{"syscall:io_uring_setup@CONFIG_IO_URING", 0,
	 "no system call io_uring_setup (CONFIG_IO_URING)"},
	{"socket:xdp", 1, ""},
	{"socket:rds@CONFIG_RDS", 0, "no sockets of family rds (CONFIG_RDS)"},
	{"arch:x86_64", 1, ""},
	{"arch:aarch64", 0, "not for other machines than aarch64"},
	{"wants:no_such_module", 1, ""},
	{"config@CONFIG_XDP_SOCKETS", 1, ""},
	{"config@CONFIG_RXE", 1, ""},
	{"config@CONFIG_SIW", 0, "kernel without it (CONFIG_SIW)"},
	{"never", 0, "not available"},
	{"never@libibverbs", 0, "not available (libibverbs)"},
	{"!never", 1, ""},
	{"!root", 0, "unwanted root"},
	{"!arch:aarch64", 1, ""},
	{"! arch:x86_64", 0, "unwanted arch x86_64"},
	{"root & arch:x86_64", 1, ""},
	{"root&!never", 1, ""},
	{"program:mkfs.xfs & filesystem:xfs@CONFIG_XFS_FS", 0,
	 "no mkfs.xfs in PATH; kernel without xfs (CONFIG_XFS_FS)"},
	{"root & never & path:/none", 0, "not available; no /none"},
	{"never | root", 1, ""},
	{"root | never", 1, ""},
	{"module:siw | module:erdma", 0,
	 "no kernel module siw and no kernel module erdma"},
	/* & binds more tightly than | */
	{"never & never | root", 1, ""},
	{"root | never & never", 1, ""},
	{"(root | never) & never", 0, "not available"},
	{"never & (never | root)", 0, "not available"},
	{"path:/a & (path:/b | path:/c) & path:/d", 0,
	 "no /a; no /b and no /c; no /d"},
	{"path:/a & path:/b | path:/c", 0, "no /a; no /b and no /c"},
	{"((root))", 1, ""},
	{"(path:/a & root) | (root & (never | arch:x86_64))", 1, ""},
};

static struct require_world make_world(const struct test_tree *tree,
				       struct asked *asked)
{
	return (struct require_world){
		.root = tree->fd,
		.machine = "x86_64",
		.module = fake_module,
		.syscall = fake_syscall,
		.socket = fake_socket,
		.arg = asked,
	};
}

START_TEST(atoms_and_operators)
{
	struct test_tree tree = make_machine();

	setenv("PATH", "/usr/bin::relative:/opt/bin", 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct asked asked = {""};
		struct require_world world = make_world(&tree, &asked);
		char reason[512] = "left over";
		int met = require_check(&world, cases[i].expression, reason,
					sizeof(reason));

		ck_assert_msg(
			met == cases[i].met && !strcmp(reason, cases[i].reason),
			"`%s`: %d, `%s`", cases[i].expression, met, reason);
	}
	test_tree_remove(&tree);
}
END_TEST

START_TEST(user_is_not_root)
{
	struct test_tree tree = make_machine();
	struct asked asked = {""};
	struct require_world world = make_world(&tree, &asked);
	char reason[64];

	world.uid = 1000;
	ck_assert_int_eq(require_check(&world, "root", reason, 64), 0);
	ck_assert_str_eq(reason, "not root");
	ck_assert_int_eq(require_check(&world, "!root", reason, 64), 1);
	test_tree_remove(&tree);
}
END_TEST

START_TEST(modules_are_loaded_only_when_it_matters)
{
	static const struct {
		const char *expression;
		const char *asked;
	} loads[] = {
		{"module:veth", ""},
		{"module:one & module:two", "one two "},
		{"root | module:one", ""},
		{"never | module:loadable | module:one", "loadable "},
		{"root | (module:one & module:two)", ""},
		{"filesystem:ext4", ""},
		{"filesystem:xfs", "xfs "},
	};
	struct test_tree tree = make_machine();

	for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
		struct asked asked = {""};
		struct require_world world = make_world(&tree, &asked);
		char reason[256];

		ck_assert_int_ge(require_check(&world, loads[i].expression,
					       reason, sizeof(reason)),
				 0);
		ck_assert_msg(!strcmp(asked.modules, loads[i].asked),
			      "`%s` asked for `%s`", loads[i].expression,
			      asked.modules);
	}
	test_tree_remove(&tree);
}
END_TEST

START_TEST(without_callback_nothing_is_loaded)
{
	struct test_tree tree = make_machine();
	struct asked asked = {""};
	struct require_world world = make_world(&tree, &asked);
	char reason[64];

	world.module = NULL;
	ck_assert_int_eq(require_check(&world, "module:veth", reason, 64), 1);
	ck_assert_int_eq(require_check(&world, "module:loadable", reason, 64),
			 0);
	ck_assert_int_eq(require_check(&world, "filesystem:veth", reason, 64),
			 1);
	ck_assert_int_eq(
		require_check(&world, "filesystem:loadable", reason, 64), 0);
	test_tree_remove(&tree);
}
END_TEST

static const struct {
	const char *expression;
	size_t position;
} malformed[] = {
	{"nonsense", 1},
	{"nonsense:x", 1},
	{"root &", 7},
	{"& root", 1},
	{"root root", 6},
	{"root)", 5},
	{"(root", 6},
	{"()", 2},
	{"root & | root", 8},
	{"!(root)", 2},
	{"!!root", 2},
	{"root:x", 5},
	{"never:x", 6},
	{"module", 7},
	{"module:", 8},
	{"module:@CONFIG_X", 8},
	{"module:veth@", 13},
	{"root@", 6},
	{"device:dev/null", 8},
	{"path:relative", 6},
	{"pci:1234", 5},
	{"pci:0x1234:0x11e8", 5},
	{"sysctl:kernel.x", 8},
	{"sysctl:=1", 8},
	{"syscall:reboot", 9},
	{"socket:none", 8},
	{"root & a_word_of_more_than_16", 8},
	/* looked at to the end although it is decided */
	{"root | nonsense", 8},
	{"never & nonsense", 9},
	{"((((((((((((((((((root))))))))))))))))))", 18},
};

START_TEST(malformed_has_a_position)
{
	struct test_tree tree = make_machine();
	struct asked asked = {""};
	struct require_world world = make_world(&tree, &asked);

	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		const char *expression = malformed[i].expression;
		char reason[512], wanted[32];

		snprintf(wanted, sizeof(wanted), "at character %zu of `",
			 malformed[i].position);
		ck_assert_msg(require_check(&world, expression, reason,
					    sizeof(reason)) == -EINVAL,
			      "%s", expression);
		ck_assert_msg(strstr(reason, wanted), "`%s`: %s", expression,
			      reason);
	}
	test_tree_remove(&tree);
}
END_TEST

START_TEST(reason_fits_its_buffer)
{
	struct test_tree tree = make_machine();
	struct asked asked = {""};
	struct require_world world = make_world(&tree, &asked);
	const char *whole = "no /a; no /b and no /c";

	for (size_t size = 0; size < 32; size++) {
		char reason[33];

		memset(reason, '#', sizeof(reason));
		ck_assert_int_eq(require_check(&world,
					       "path:/a & path:/b | path:/c",
					       reason, size),
				 0);
		ck_assert_int_eq(reason[size], '#');
		if (!size)
			continue;
		ck_assert_uint_lt(strlen(reason), size);
		ck_assert(!strncmp(whole, reason, strlen(reason)));
	}
	test_tree_remove(&tree);
}
END_TEST

static void collect(void *arg, const char *kind, const char *argument,
		    const char *symbol)
{
	char *text = arg;

	sprintf(text + strlen(text), "%s,%s,%s ", kind, argument, symbol);
}

START_TEST(each_atom_is_visited)
{
	char text[256] = "";

	ck_assert_int_eq(require_each("root & (module:a@CONFIG_A | !module:b)"
				      " | never",
				      collect, text),
			 0);
	ck_assert_str_eq(text, "root,, module,a,CONFIG_A module,b, never,, ");
	ck_assert_int_eq(require_each(NULL, collect, text), 0);
	ck_assert_int_eq(require_each("root &", collect, text), -EINVAL);
}
END_TEST

static int fake_answer(void *arg, const char *kind, const char *argument,
		       const char *symbol)
{
	if (!strcmp(symbol, "CONFIG_THERE"))
		return 1;
	return !strcmp(symbol, "CONFIG_GONE") ? 0 : -ENOENT;
}

START_TEST(answer_is_asked_first)
{
	struct test_tree tree = make_machine();
	struct asked asked = {""};
	struct require_world world = make_world(&tree, &asked);
	char reason[256];

	world.answer = fake_answer;
	ck_assert_int_eq(require_check(&world,
				       "module:none@CONFIG_THERE & module:veth",
				       reason, sizeof(reason)),
			 1);
	ck_assert_int_eq(require_check(&world, "module:veth@CONFIG_GONE",
				       reason, sizeof(reason)),
			 0);
	ck_assert_str_eq(reason, "no kernel module veth (CONFIG_GONE)");
	ck_assert_int_eq(require_check(&world, "!module:veth@CONFIG_GONE",
				       reason, sizeof(reason)),
			 1);
	ck_assert_str_eq(asked.modules, "");
	test_tree_remove(&tree);
}
END_TEST

START_TEST(missing_atoms_are_visited)
{
	static const struct {
		const char *expression;
		const char *missing;
	} some[] = {
		{"root & path:/a & path:/b@B", "path,/a, path,/b,B "},
		{"root | path:/a", ""},
		{"path:/a | root", ""},
		{"path:/a | path:/b", "path,/a, path,/b, "},
		{"path:/c & (path:/a & root | path:/b | root)", "path,/c, "},
		{"!root & never@why", "never,,why "},
		{"root & nonsense", ""},
	};
	struct test_tree tree = make_machine();
	struct asked asked = {""};
	struct require_world world = make_world(&tree, &asked);

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		char text[256] = "", reason[8];

		/* the reason may be cut short, the atoms are not */
		require_missing(&world, some[i].expression, reason,
				sizeof(reason), collect, text);
		ck_assert_msg(!strcmp(text, some[i].missing), "`%s`: `%s`",
			      some[i].expression, text);
	}
	test_tree_remove(&tree);
}
END_TEST

/* The machine that runs the test; only what every Linux has */
START_TEST(real_probes)
{
	static const char *const real[] = {
		"program:sh",
		"filesystem:proc",
		"device:/dev/null",
		"path:/proc/self",
		"socket:unix",
		"syscall:process_vm_writev",
		"!path:/no/such",
		"!program:no-such-program",
		"!socket:rds | socket:rds",
		"!module:gupcheck_has_no_such_module",
	};
	struct require_world world;
	char reason[256];

	require_world_init(&world);
	ck_assert_uint_eq(world.uid, geteuid());
	ck_assert_str_ne(world.machine, "");
	for (size_t i = 0; i < sizeof(real) / sizeof(real[0]); i++)
		ck_assert_msg(require_check(&world, real[i], reason,
					    sizeof(reason)) == 1,
			      "%s: %s", real[i], reason);
}
END_TEST

UNIT_MAIN("require", atoms_and_operators, user_is_not_root,
	  modules_are_loaded_only_when_it_matters,
	  without_callback_nothing_is_loaded, malformed_has_a_position,
	  reason_fits_its_buffer, each_atom_is_visited, answer_is_asked_first,
	  missing_atoms_are_visited, real_probes)
