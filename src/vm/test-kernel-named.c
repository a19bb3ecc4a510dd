/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "vm/kernel.h"
#include "vm/test-image.h"

/* Kernels that are installed below a folder that stands for the machine's / */

static void install(const char *root, const char *path)
{
	static unsigned char data[8192];

	test_file(root, path, data, test_kernel(data, sizeof(data)));
}

static void install_modules(const char *root, const char *folder)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/modules.dep", folder);
	test_file(root, path, "", 0);
}

/* @modules: where they are found below @root, or NULL */
static void assert_installed(const char *root, const char *input,
			     const char *modules)
{
	struct kernel kernel = {0};
	struct error error = {""};
	char path[PATH_MAX];

	ck_assert_msg(!kernel_open_below(arch_host(), root, input, NULL,
					 &kernel, &error),
		      "%s", error.text);
	ck_assert_str_eq(kernel.release, TEST_RELEASE);
	ck_assert_int_eq(strncmp(kernel.image.path, root, strlen(root)), 0);
	snprintf(path, sizeof(path), "%s/%s", root, modules ? modules : "");
	if (modules)
		ck_assert_str_eq(kernel.modules, path);
	else
		ck_assert_ptr_null(kernel.modules);
	kernel_close(&kernel);
}

static void assert_refused(const char *root, const char *input, int ret,
			   const char *part)
{
	struct kernel kernel = {0};
	struct error error = {""};

	ck_assert_int_eq(kernel_open_below(arch_host(), root, input, NULL,
					   &kernel, &error),
			 ret);
	ck_assert_msg(strstr(error.text, part) != NULL, "%s", error.text);
	ck_assert_int_eq(strncmp(error.text, input, strlen(input)), 0);
	ck_assert_ptr_null(strchr(error.text, '\n'));
}

START_TEST(image_in_boot)
{
	const char *root = test_folder();

	install(root, "boot/vmlinuz-" TEST_RELEASE);
	assert_installed(root, TEST_RELEASE, NULL);
	install_modules(root, "lib/modules/" TEST_RELEASE);
	assert_installed(root, TEST_RELEASE, "lib/modules/" TEST_RELEASE);
	assert_installed(root, "linux-image-" TEST_RELEASE,
			 "lib/modules/" TEST_RELEASE);
}
END_TEST

START_TEST(image_beside_its_modules)
{
	const char *root = test_folder();

	install(root, "lib/modules/" TEST_RELEASE "/vmlinuz");
	install_modules(root, "lib/modules/" TEST_RELEASE);
	assert_installed(root, TEST_RELEASE, "lib/modules/" TEST_RELEASE);
}
END_TEST

START_TEST(usr_is_not_merged)
{
	const char *root = test_folder();

	install(root, "usr/lib/modules/" TEST_RELEASE "/vmlinuz");
	install_modules(root, "usr/lib/modules/" TEST_RELEASE);
	assert_installed(root, TEST_RELEASE, "usr/lib/modules/" TEST_RELEASE);
}
END_TEST

START_TEST(installed_goes_before_stock)
{
	const char *root = test_folder();
	struct kernel kernel;

	install(root, "boot/vmlinuz-" TEST_RELEASE);
	install(root, "cache/gupcheck/kernels/6.1/boot/vmlinuz-" TEST_RELEASE);
	install_modules(root,
			"cache/gupcheck/kernels/6.1/lib/modules/" TEST_RELEASE);
	assert_installed(root, TEST_RELEASE, NULL);
	/* a series is never installed */
	ck_assert_int_eq(kernel_open_below(arch_host(), root, "6.1", NULL,
					   &kernel, NULL),
			 0);
	ck_assert_ptr_nonnull(strstr(kernel.image.path, "/kernels/6.1/"));
	kernel_close(&kernel);
	assert_refused(
		root, "6.1.0-98-test", -ENOENT,
		"is not installed here, and the stock kernel of 6.1 is " TEST_RELEASE);
}
END_TEST

START_TEST(urls_are_refused)
{
	static const char *const urls[] = {
		"http://x/linux-image-6.1_amd64.deb",
		"https://x/vmlinuz",
		"ftp://x/bzImage",
		"file:///boot/vmlinuz",
		"https://x/a.deb,b.deb",
		"a.deb,https://x/b.deb",
	};
	const char *root = test_folder();

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		assert_refused(root, urls[i], -EINVAL, "download it first");
	/* a strange name of a file, and no URL */
	assert_refused(root, "./a://b", -ENOENT, "no such file");
	assert_refused(root, "://b", -ENOENT, "no such file");
}
END_TEST

START_TEST(modules_from_a_url_are_refused)
{
	const char *root = test_folder();
	struct kernel kernel;
	struct error error = {""};

	install(root, "boot/vmlinuz-" TEST_RELEASE);
	ck_assert_int_eq(kernel_open_below(arch_host(), root, TEST_RELEASE,
					   "https://x/modules", &kernel,
					   &error),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "download it first"));
}
END_TEST

UNIT_MAIN("kernel-named", image_in_boot, image_beside_its_modules,
	  usr_is_not_merged, installed_goes_before_stock, urls_are_refused,
	  modules_from_a_url_are_refused)
