/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "vm/kernel-config.h"
#include "vm/test-image.h"

static const char config[] = "CONFIG_VETH=y\n";

static void make_config(const char *folder, const char *path)
{
	test_file(folder, path, config, sizeof(config) - 1);
}

static void make_image(const char *folder, const char *path)
{
	static unsigned char data[8192];

	test_file(folder, path, data, test_kernel(data, sizeof(data)));
}

/* An image whose kernel carries its configuration, with PVH entry or not */
static void make_carrying(const char *folder, const char *path, bool pvh)
{
	unsigned char elf[2048], packed[4096], data[8192];
	size_t len = test_elf(elf, pvh);

	len = (size_t)((unsigned char *)mempcpy(elf + len, "IKCFG_ST", 8) -
		       elf);
	len += test_compress("gzip", config, sizeof(config) - 1, elf + len,
			     sizeof(elf) - len);
	len = test_compress("gzip", elf, len, packed, sizeof(packed));
	test_file(folder, path, data,
		  test_bzimage(packed, len, data, sizeof(data)));
}

/* @where: the end of the path where it is found; NULL: nowhere */
static void assert_found(const char *folder, const char *path,
			 const char *where)
{
	struct kernel kernel = {0};
	struct error error = {""};
	cleanup_free char *text = NULL;
	char input[256], found[PATH_MAX];
	size_t len;

	snprintf(input, sizeof(input), "%s%s", folder, path);
	ck_assert_msg(!kernel_open(arch_host(), input, NULL, &kernel, &error),
		      "%s", error.text);
	ck_assert_int_eq(kernel_config_read(arch_host(), &kernel, &text, found),
			 where ? 0 : -ENOENT);
	kernel_close(&kernel);
	if (!where)
		return;
	ck_assert_str_eq(text, config);
	len = strlen(found);
	ck_assert_uint_ge(len, strlen(where));
	ck_assert_str_eq(found + len - strlen(where), where);
}

START_TEST(beside_the_image)
{
	const char *folder = test_folder();

	make_image(folder, "boot/vmlinuz-" TEST_RELEASE);
	assert_found(folder, "", NULL);
	make_config(folder, "boot/config-6.1.0-98-other");
	assert_found(folder, "", NULL);
	make_config(folder, "boot/config-" TEST_RELEASE);
	assert_found(folder, "", "/boot/config-" TEST_RELEASE);
	assert_found(folder, "/boot/vmlinuz-" TEST_RELEASE,
		     "/boot/config-" TEST_RELEASE);
}
END_TEST

START_TEST(in_the_build_tree)
{
	const char *folder = test_folder();
	char image[128];

	snprintf(image, sizeof(image), "/%s", arch_host()->build_image);
	make_image(folder, image + 1);
	make_config(folder, ".config");
	assert_found(folder, "", "/.config");
	assert_found(folder, image, "/.config");
}
END_TEST

START_TEST(in_the_modules_folder)
{
	const char *folder = test_folder();

	make_image(folder, "lib/modules/" TEST_RELEASE "/vmlinuz");
	test_file(folder, "lib/modules/" TEST_RELEASE "/modules.builtin", "",
		  0);
	test_file(folder, "lib/modules/" TEST_RELEASE "/kernel/README", "x", 1);
	make_config(folder, "lib/modules/" TEST_RELEASE "/config");
	assert_found(folder, "", "/" TEST_RELEASE "/config");
}
END_TEST

START_TEST(carried_by_the_image)
{
	const char *folder = test_folder();

	make_carrying(folder, "pvh", true);
	assert_found(folder, "/pvh", "carried by the image");
	make_carrying(folder, "plain", false);
	assert_found(folder, "/plain", "carried by the image");
}
END_TEST

UNIT_MAIN("kernel-config", beside_the_image, in_the_build_tree,
	  in_the_modules_folder, carried_by_the_image)
