/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "vm/kernel.h"
#include "vm/test-image.h"

static void make_modules(const char *folder, const char *release)
{
	char path[256];

	snprintf(path, sizeof(path), "lib/modules/%s/modules.builtin", release);
	test_file(folder, path, "", 0);
	snprintf(path, sizeof(path), "lib/modules/%s/kernel/README", release);
	test_file(folder, path, "x", 1);
}

/* An unpacked package in a fresh folder. */
static const char *make_package(void)
{
	static unsigned char data[8192];
	const char *folder = test_folder();

	test_file(folder, "boot/vmlinuz-" TEST_RELEASE, data,
		  test_kernel(data, sizeof(data)));
	make_modules(folder, TEST_RELEASE);
	return folder;
}

static void assert_refused(const char *input, const char *modules, int ret,
			   const char *part)
{
	struct kernel kernel = {0};
	struct error error = {""};

	ck_assert_int_eq(
		kernel_open(arch_host(), input, modules, &kernel, &error), ret);
	ck_assert_msg(strstr(error.text, part) != NULL, "%s", error.text);
	ck_assert_ptr_null(strchr(error.text, '\n'));
}

static void assert_kernel(const char *input, const char *modules,
			  const char *release, bool has_modules)
{
	struct kernel kernel = {0};
	struct error error = {""};

	ck_assert_msg(
		!kernel_open(arch_host(), input, modules, &kernel, &error),
		"%s", error.text);
	ck_assert_str_eq(kernel.input, input);
	ck_assert_str_eq(kernel.release, release);
	ck_assert_int_eq(kernel.modules != NULL, has_modules);
	ck_assert_ptr_nonnull(kernel.image.elf);
	if (has_modules)
		ck_assert_str_eq(strrchr(kernel.modules, '/') + 1, release);
	kernel_close(&kernel);
}

START_TEST(names_are_told_from_paths)
{
	ck_assert(kernel_is_name("6.1"));
	ck_assert(kernel_is_name("6.12.95+deb12-amd64"));
	ck_assert(kernel_is_name("linux-image-6.1.0-50-amd64"));
	ck_assert(!kernel_is_name("6"));
	ck_assert(!kernel_is_name("6."));
	ck_assert(!kernel_is_name("./6.1"));
	ck_assert(!kernel_is_name("linux-image-amd64"));
	ck_assert(!kernel_is_name("vmlinuz-6.1"));
	ck_assert(!kernel_is_name(""));
}
END_TEST

START_TEST(unpacked_package)
{
	assert_kernel(make_package(), NULL, TEST_RELEASE, true);
}
END_TEST

START_TEST(image_beside_its_modules)
{
	unsigned char data[8192];
	const char *folder = test_folder();

	test_file(folder, "usr/lib/modules/" TEST_RELEASE "/vmlinuz", data,
		  test_kernel(data, sizeof(data)));
	assert_kernel(folder, NULL, TEST_RELEASE, true);
}
END_TEST

START_TEST(build_tree_has_no_modules)
{
	unsigned char data[8192];
	const char *folder = test_folder();

	test_file(folder, arch_host()->build_image, data,
		  test_kernel(data, sizeof(data)));
	assert_kernel(folder, NULL, TEST_RELEASE, false);
	/* what a real one has besides, and a folder of modules as well */
	test_file(folder, "kernel/fork.c", data, 1);
	test_file(folder, "modules.builtin", data, 1);
	test_file(folder, "Makefile", data, 1);
	assert_kernel(folder, NULL, TEST_RELEASE, false);
	/* and one that was built where its source lies */
	test_file(folder, "Kconfig", data, 1);
	assert_kernel(folder, NULL, TEST_RELEASE, false);
}
END_TEST

START_TEST(image_with_and_without_modules)
{
	const char *folder = make_package();
	char image[256], modules[256];

	snprintf(image, sizeof(image), "%s/boot/vmlinuz-" TEST_RELEASE, folder);
	snprintf(modules, sizeof(modules), "%s/lib/modules/" TEST_RELEASE,
		 folder);
	assert_kernel(image, NULL, TEST_RELEASE, false);
	assert_kernel(image, folder, TEST_RELEASE, true);
	assert_kernel(image, modules, TEST_RELEASE, true);
	/* several releases side by side: that of the image is taken */
	make_modules(folder, "5.10.0-other");
	assert_kernel(image, folder, TEST_RELEASE, true);
	snprintf(modules, sizeof(modules), "%s/lib/modules/5.10.0-other",
		 folder);
	assert_refused(image, modules, -ENOEXEC, "its modules are for 5.10.0");
	assert_refused(image, "/nonexistent", -ENOENT, "/nonexistent");
	assert_refused(image, image, -ENOENT, "no modules here");
}
END_TEST

START_TEST(series_from_the_cache)
{
	const char *folder = make_package();
	unsigned char data[8192];

	test_file(folder,
		  "cache/gupcheck/kernels/6.1/boot/vmlinuz-" TEST_RELEASE, data,
		  test_kernel(data, sizeof(data)));
	make_modules(folder, TEST_RELEASE);
	test_file(folder,
		  "cache/gupcheck/kernels/6.1/lib/modules/" TEST_RELEASE
		  "/modules.builtin",
		  "", 0);
	assert_kernel("6.1", NULL, TEST_RELEASE, true);
	assert_kernel(TEST_RELEASE, NULL, TEST_RELEASE, true);
	assert_kernel("linux-image-" TEST_RELEASE, NULL, TEST_RELEASE, true);
	assert_refused(
		"linux-image-6.1.0-98-test", NULL, -ENOENT,
		"is not installed here, and the stock kernel of 6.1 is " TEST_RELEASE);
}
END_TEST

START_TEST(absent_series_is_fetched)
{
	/* $0 is in the package's folder */
	static const char fetching[] =
		"#!/bin/sh\n"
		"[ \"$1\" = --list ] && exec echo '6.1   not fetched'\n"
		"to=$XDG_CACHE_HOME/gupcheck/kernels/$1\n"
		"mkdir -p \"$to\"\n"
		"cp -r \"${0%/*}/boot\" \"${0%/*}/lib\" \"$to\"\n";
	static const char failing[] =
		"#!/bin/sh\n"
		"[ \"$1\" = --list ] && exec echo '6.1   not fetched'\n"
		"exit 1\n";
	const char *folder = make_package();

	setenv("GUPCHECK_LIBEXEC", folder, 1);
	test_file(folder, "fetch-kernel", failing, sizeof(failing) - 1);
	assert_refused("6.1", NULL, -EIO, "fetch-kernel failed");
	assert_refused("6", NULL, -ENOENT, "no such file");
	assert_refused("6.2", NULL, -ENOENT, "6.2: no series");
	assert_refused("6.1-rt", NULL, -ENOENT, "6.1-rt: no series");
	assert_refused(
		"6.1.0-9-cloud-amd64", NULL, -ENOENT,
		"6.1.0-9-cloud-amd64: is not installed here, and of 6.1-cloud: no series");
	test_file(folder, "fetch-kernel", fetching, sizeof(fetching) - 1);
	assert_kernel("6.1", NULL, TEST_RELEASE, true);
	/* from now on without it */
	test_file(folder, "fetch-kernel", failing, sizeof(failing) - 1);
	assert_kernel("6.1", NULL, TEST_RELEASE, true);
}
END_TEST

/* Writes an ar archive with one member. */
static void make_deb(const char *path, const char *member, const void *data,
		     size_t len)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	archive_write_set_format_ar_svr4(archive);
	ck_assert_int_eq(archive_write_open_filename(archive, path), 0);
	archive_entry_set_pathname(entry, member);
	archive_entry_set_mode(entry, S_IFREG | 0644);
	archive_entry_set_size(entry, (la_int64_t)len);
	ck_assert_int_eq(archive_write_header(archive, entry), 0);
	ck_assert_int_eq(archive_write_data(archive, data, len), (ssize_t)len);
	archive_write_close(archive);
	archive_entry_free(entry);
	archive_write_free(archive);
}

/* Writes a tar archive, compressed with @filter, to memory. */
static size_t make_tar(const char *filter, const char *const *paths,
		       const void *data, size_t len, void *ret, size_t size)
{
	struct archive *archive = archive_write_new();
	size_t used = 0;

	archive_write_add_filter_by_name(archive, filter);
	archive_write_set_format_ustar(archive);
	archive_write_open_memory(archive, ret, size, &used);
	for (; *paths; paths++) {
		struct archive_entry *entry = archive_entry_new();

		archive_entry_set_pathname(entry, *paths);
		archive_entry_set_mode(entry, S_IFREG | 0644);
		archive_entry_set_size(entry, (la_int64_t)len);
		ck_assert_int_eq(archive_write_header(archive, entry), 0);
		ck_assert_int_eq(archive_write_data(archive, data, len),
				 (ssize_t)len);
		archive_entry_free(entry);
	}
	ck_assert_int_eq(archive_write_close(archive), 0);
	archive_write_free(archive);
	return used;
}

START_TEST(deb_of_every_compression)
{
	static const char *const paths[] = {
		"./boot/vmlinuz-" TEST_RELEASE,
		"./usr/share/doc/../../../../escaped",
		"./usr/share/doc/readme",
		NULL,
	};
	static const char *const kinds[][2] = {
		{"gzip", "data.tar.gz"},
		{"xz", "data.tar.xz"},
		{"zstd", "data.tar.zst"},
	};
	const char *folder = test_folder();
	unsigned char image[8192];
	static unsigned char tar[64 * 1024];
	size_t len = test_kernel(image, sizeof(image));
	char path[256];

	for (size_t i = 0; i < 3; i++) {
		size_t tar_len = make_tar(kinds[i][0], paths, image, len, tar,
					  sizeof(tar));

		snprintf(path, sizeof(path), "%s/%zu.deb", folder, i);
		make_deb(path, kinds[i][1], tar, tar_len);
		assert_kernel(path, NULL, TEST_RELEASE, false);
		/* again, from the cache */
		assert_kernel(path, NULL, TEST_RELEASE, false);
	}
	snprintf(path, sizeof(path), "%s/escaped", folder);
	ck_assert_int_lt(access(path, F_OK), 0);
}
END_TEST

START_TEST(deb_that_is_none)
{
	static const char *const paths[] = {"./usr/bin/hello", NULL};
	static unsigned char tar[64 * 1024];
	const char *folder = test_folder();
	char path[256];
	size_t len = make_tar("gzip", paths, "hello", 5, tar, sizeof(tar));

	snprintf(path, sizeof(path), "%s/x.deb", folder);
	assert_refused(path, NULL, -ENOENT, "No such file");
	test_write(path, "hello\n", 6);
	assert_refused(path, NULL, -EBADMSG, "not a Debian package");
	make_deb(path, "control.tar.gz", tar, len);
	assert_refused(path, NULL, -EBADMSG, "no data.tar");
	make_deb(path, "data.tar.gz", tar, len / 2);
	assert_refused(path, NULL, -EBADMSG, "damaged package");
	make_deb(path, "data.tar.gz", tar, len);
	assert_refused(path, NULL, -ENOENT, "not one kernel image");
}
END_TEST

START_TEST(what_is_no_kernel_is_refused)
{
	const char *folder = make_package();
	unsigned char data[8192];
	char path[256];

	assert_refused("/nonexistent/vmlinuz", NULL, -ENOENT,
		       "/nonexistent/vmlinuz");
	assert_refused("nonsense", NULL, -ENOENT, "nonsense");
	assert_refused("", NULL, -ENOENT, "no such file");
	snprintf(path, sizeof(path), "%s/lib", folder);
	assert_refused(path, NULL, -ENOENT, "no kernel in this folder");
	test_file(folder, "boot/vmlinuz-5.10", data,
		  test_kernel(data, sizeof(data)));
	assert_refused(folder, NULL, -ENOTUNIQ, "several kernels");
}
END_TEST

UNIT_MAIN("kernel", names_are_told_from_paths, unpacked_package,
	  image_beside_its_modules, build_tree_has_no_modules,
	  image_with_and_without_modules, series_from_the_cache,
	  absent_series_is_fetched, deb_of_every_compression, deb_that_is_none,
	  what_is_no_kernel_is_refused)
