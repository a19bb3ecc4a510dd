/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <sys/time.h>

#include "base/cleanup.h"
#include "vm/kernel.h"
#include "vm/test-image.h"
#include "vm/test-module.h"

#define MAGIC " SMP preempt mod_unload"

/* Where a kernel was built: its image carries a vermagic, as all do. */
static const char *make_build(void)
{
	unsigned char elf[2048], packed[4096], data[8192];
	const char *folder = test_folder();
	size_t len = test_elf(elf, true);

	len += (size_t)sprintf((char *)elf + len, "%c" TEST_RELEASE MAGIC " ",
			       0) +
	       1;
	len = test_compress("gzip", elf, len, packed, sizeof(packed));
	len = test_bzimage(packed, len, data, sizeof(data));
	test_file(folder, arch_host()->build_image, data, len);
	test_file(folder, "include/config/kernel.release", TEST_RELEASE "\n",
		  sizeof(TEST_RELEASE));
	test_file(folder, "modules.builtin", "", 0);
	return folder;
}

static void put(const char *folder, const char *path, const char *text)
{
	test_file(folder, path, text, strlen(text));
}

static void put_module(const char *folder, const char *path, const char *magic)
{
	unsigned char module[8192];

	test_file(folder, path, module, test_module(magic, module));
}

/* Makes a file @seconds older than all that is written today */
static void make_older(const char *folder, const char *path, time_t seconds)
{
	struct timeval times[2] = {{.tv_sec = time(NULL) - seconds}};
	char whole[PATH_MAX];

	times[1] = times[0];
	snprintf(whole, sizeof(whole), "%s/%s", folder, path);
	ck_assert_int_eq(utimes(whole, times), 0);
}

static void open_build(const char *folder, struct kernel *ret)
{
	struct error error = {""};

	ck_assert_msg(!kernel_open(arch_host(), folder, NULL, ret, &error),
		      "%s", error.text);
	ck_assert_str_eq(ret->release, TEST_RELEASE);
}

static void assert_refused(const char *folder, int ret, const char *part)
{
	struct kernel kernel = {0};
	struct error error = {""};

	ck_assert_int_eq(
		kernel_open(arch_host(), folder, NULL, &kernel, &error), ret);
	ck_assert_msg(strstr(error.text, part) != NULL, "%s", error.text);
	ck_assert_ptr_null(strchr(error.text, '\n'));
}

START_TEST(newest_kernel_is_taken)
{
	const char *folder = make_build();
	unsigned char elf[1024];
	struct kernel kernel;

	test_file(folder, "vmlinux", elf, test_elf(elf, true));
	make_older(folder, "vmlinux", 10);
	open_build(folder, &kernel);
	ck_assert_ptr_nonnull(kernel.image.path);
	kernel_close(&kernel);
	/* somebody ran make vmlinux */
	make_older(folder, arch_host()->build_image, 20);
	open_build(folder, &kernel);
	ck_assert_ptr_null(kernel.image.path);
	ck_assert_ptr_nonnull(strstr(kernel.image.elf, "/vmlinux"));
	kernel_close(&kernel);
	test_file(folder, "vmlinux", elf, test_elf(elf, false));
	assert_refused(folder, -ESTALE, "vmlinux is newer than");
}
END_TEST

START_TEST(vmlinux_alone_will_do)
{
	const char *folder = test_folder();
	unsigned char elf[1024];
	struct kernel kernel;

	test_file(folder, "vmlinux", elf, test_elf(elf, true));
	open_build(folder, &kernel);
	ck_assert_ptr_null(kernel.modules);
	kernel_close(&kernel);
	test_file(folder, "vmlinux", elf, test_elf(elf, false));
	assert_refused(folder, -ENOEXEC, "CONFIG_PVH");
}
END_TEST

static bool is_below(const char *folder, const char *path)
{
	char whole[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s/%s", folder, path);
	return !access(whole, F_OK);
}

START_TEST(modules_of_every_spelling_are_laid_out)
{
	const char *folder = make_build();
	struct kernel kernel;

	put_module(folder, "fs/a.ko", TEST_RELEASE MAGIC);
	put_module(folder, "fs/b/b.ko", TEST_RELEASE MAGIC);
	put_module(folder, "lib/c.ko", TEST_RELEASE MAGIC);
	put_module(folder, "kernel/d.ko", TEST_RELEASE MAGIC);
	put_module(folder, "fs/e.ko", TEST_RELEASE MAGIC);
	put(folder, "modules.order",
	    "fs/a.o\nfs/b/b.ko\nkernel/lib/c.ko\nkernel/d.o\nfs/a.o\nlib/../fs/e.o\n\nx\n");
	open_build(folder, &kernel);
	ck_assert_ptr_nonnull(kernel.modules);
	ck_assert_str_eq(kernel.note.text, "");
	ck_assert_ptr_nonnull(
		strstr(kernel.modules, "/cache/gupcheck/builds/"));
	ck_assert(is_below(kernel.modules, "kernel/fs/a.ko"));
	ck_assert(is_below(kernel.modules, "kernel/fs/b/b.ko"));
	ck_assert(is_below(kernel.modules, "kernel/lib/c.ko"));
	ck_assert(is_below(kernel.modules, "kernel/kernel/d.ko"));
	ck_assert(!is_below(kernel.modules, "kernel/fs/e.ko"));
	ck_assert(is_below(kernel.modules, "modules.dep.bin"));
	/* the build is left as it was */
	ck_assert(!is_below(folder, "modules.dep"));
	kernel_close(&kernel);
}
END_TEST

static unsigned int count_entries(const char *modules)
{
	char path[PATH_MAX];
	struct dirent *entry;
	unsigned int count = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/../../../..", modules);
	folder = opendir(path);
	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)))
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

START_TEST(layout_is_kept_until_a_module_changes)
{
	const char *folder = make_build();
	cleanup_free char *first = NULL;
	struct kernel kernel;

	put_module(folder, "fs/a.ko", TEST_RELEASE MAGIC);
	put(folder, "modules.order", "fs/a.o\n");
	open_build(folder, &kernel);
	first = strdup(kernel.modules);
	kernel_close(&kernel);
	open_build(folder, &kernel);
	ck_assert_str_eq(kernel.modules, first);
	kernel_close(&kernel);
	make_older(folder, "fs/a.ko", 10);
	open_build(folder, &kernel);
	ck_assert_str_ne(kernel.modules, first);
	ck_assert_int_lt(access(first, F_OK), 0);
	ck_assert_uint_eq(count_entries(kernel.modules), 1);
	kernel_close(&kernel);
}
END_TEST

START_TEST(what_was_not_built_is_told)
{
	const char *folder = make_build();
	struct kernel kernel;

	put(folder, ".config", "CONFIG_A=y\n# CONFIG_B is not set\n");
	open_build(folder, &kernel);
	ck_assert_str_eq(kernel.note.text, "");
	kernel_close(&kernel);
	put(folder, ".config", "CONFIG_A=m\nCONFIG_B=y\nCONFIG_C=m\n");
	put(folder, "modules.order", "fs/a.o\n");
	open_build(folder, &kernel);
	ck_assert_ptr_null(kernel.modules);
	ck_assert_ptr_nonnull(
		strstr(kernel.note.text,
		       ": 2 parts are configured as modules, and none"));
	kernel_close(&kernel);
	put_module(folder, "fs/c.ko", TEST_RELEASE MAGIC);
	put(folder, "modules.order", "fs/a.o\nfs/c.o\n");
	open_build(folder, &kernel);
	ck_assert_ptr_nonnull(kernel.modules);
	ck_assert_ptr_nonnull(strstr(kernel.note.text,
				     ": 1 of its 2 modules were not built"));
	kernel_close(&kernel);
}
END_TEST

START_TEST(image_takes_modules_from_its_build)
{
	const char *folder = make_build();
	char image[PATH_MAX];
	struct kernel kernel;

	put_module(folder, "fs/a.ko", TEST_RELEASE MAGIC);
	put(folder, "modules.order", "fs/a.o\n");
	snprintf(image, sizeof(image), "%s/%s", folder,
		 arch_host()->build_image);
	ck_assert_int_eq(kernel_open(arch_host(), image, folder, &kernel, NULL),
			 0);
	ck_assert(is_below(kernel.modules, "kernel/fs/a.ko"));
	kernel_close(&kernel);
}
END_TEST

START_TEST(modules_that_do_not_fit_are_refused)
{
	const char *folder = make_build();

	put(folder, "modules.order", "fs/a.o\n");
	put_module(folder, "fs/a.ko", "6.1.0-98-test" MAGIC);
	assert_refused(folder, -ENOEXEC, "were built for 6.1.0-98-test:");
	put_module(folder, "fs/a.ko", TEST_RELEASE " SMP mod_unload");
	assert_refused(folder, -ENOEXEC,
		       "for '" TEST_RELEASE
		       " SMP mod_unload', and this is '" TEST_RELEASE MAGIC
		       "'");
	put(folder, "include/config/kernel.release", "6.1.0-97-test\n");
	assert_refused(folder, -ENOEXEC, "its modules are for 6.1.0-97-test");
}
END_TEST

UNIT_MAIN("kernel-build", newest_kernel_is_taken, vmlinux_alone_will_do,
	  modules_of_every_spelling_are_laid_out,
	  layout_is_kept_until_a_module_changes, what_was_not_built_is_told,
	  image_takes_modules_from_its_build,
	  modules_that_do_not_fit_are_refused)
