/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "vm/bzimage.h"
#include "vm/test-image.h"
#include "vm/unpack.h"

static void write_kernel(char path[64], unsigned char *image, size_t len)
{
	snprintf(path, 64, "%s/image", test_folder());
	test_write(path, image, len);
}

static void assert_refused(const char *path, int ret, const char *part)
{
	struct boot_image image = {0};
	struct error error = {""};

	ck_assert_int_eq(boot_image_open(arch_host(), path, &image, &error),
			 ret);
	ck_assert_msg(strstr(error.text, path) != NULL, "%s", error.text);
	ck_assert_msg(strstr(error.text, part) != NULL, "%s", error.text);
	ck_assert_ptr_null(strchr(error.text, '\n'));
	ck_assert_ptr_null(image.path);
	ck_assert_ptr_null(image.elf);
}

START_TEST(header_is_read)
{
	unsigned char image[4096];
	struct blob blob = {.data = image};
	struct image_info info;

	blob.len = test_bzimage("0123456789", 10, image, sizeof(image));
	ck_assert_int_eq(bzimage_parse(&blob, &info), 0);
	ck_assert_str_eq(info.release, TEST_RELEASE);
	ck_assert_uint_eq(info.payload_len, 10);
	ck_assert_int_eq(memcmp(image + info.payload, "0123456789", 10), 0);
}
END_TEST

START_TEST(header_cut_at_every_byte)
{
	unsigned char image[4096];
	size_t len = test_bzimage("0123456789", 10, image, sizeof(image));

	for (size_t cut = 0; cut < len; cut++) {
		/* a copy of that size, for the sanitizer to watch its end */
		unsigned char *part = malloc(cut + 1);
		struct blob blob = {.data = part, .len = cut};
		struct image_info info;

		memcpy(part, image, cut);
		ck_assert_int_lt(bzimage_parse(&blob, &info), 0);
		free(part);
	}
}
END_TEST

START_TEST(old_protocol_has_no_payload)
{
	unsigned char image[4096];
	struct blob blob = {.data = image};
	struct image_info info;

	blob.len = test_bzimage("x", 1, image, sizeof(image));
	test_put(image, 0x206, 0x207, 2);
	ck_assert_int_eq(bzimage_parse(&blob, &info), 0);
	ck_assert_uint_eq(info.payload_len, 0);
}
END_TEST

START_TEST(every_compressor_with_and_without_size_word)
{
	static const char *const filters[] = {"gzip", "xz", "zstd", "lzma"};
	unsigned char elf[1024], packed[4096];
	size_t len = test_elf(elf, true);

	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		size_t packed_len = test_compress(filters[i], elf, len, packed,
						  sizeof(packed) - 4);

		test_put(packed, packed_len, len, 4);
		for (size_t extra = 0; extra <= 4; extra += 4) {
			unsigned char *out = NULL;
			size_t out_len = 0;

			ck_assert_msg(!unpack_memory(packed, packed_len + extra,
						     &out, &out_len),
				      "%s, %zu bytes behind it", filters[i],
				      extra);
			ck_assert_uint_eq(out_len, len);
			ck_assert_int_eq(memcmp(out, elf, len), 0);
			free(out);
		}
	}
}
END_TEST

START_TEST(boot_image_gives_its_elf_kernel)
{
	unsigned char data[8192], elf[1024];
	size_t elf_len = test_elf(elf, true);
	struct boot_image image = {0};
	struct error error = {""};
	struct blob blob = {0};
	char path[64];

	write_kernel(path, data, test_kernel(data, sizeof(data)));
	/* the second time it comes from the cache */
	for (int i = 0; i < 2; i++) {
		ck_assert_msg(
			!boot_image_open(arch_host(), path, &image, &error),
			"%s", error.text);
		ck_assert_str_eq(image.release, TEST_RELEASE);
		ck_assert_str_eq(image.path, path);
		ck_assert_ptr_nonnull(image.elf);
		ck_assert_int_eq(blob_open(&blob, image.elf), 0);
		ck_assert_uint_eq(blob.len, elf_len);
		ck_assert_int_eq(memcmp(blob.data, elf, elf_len), 0);
		blob_close(&blob);
		boot_image_close(&image);
	}
}
END_TEST

START_TEST(kernel_without_pvh_is_booted_as_it_is)
{
	unsigned char elf[1024], packed[2048], data[8192];
	struct boot_image image = {0};
	struct error error = {""};
	size_t len = test_elf(elf, false);
	char path[64];

	len = test_compress("xz", elf, len, packed, sizeof(packed));
	write_kernel(path, data, test_bzimage(packed, len, data, sizeof(data)));
	ck_assert_int_eq(boot_image_open(arch_host(), path, &image, &error), 0);
	ck_assert_str_eq(image.path, path);
	ck_assert_ptr_null(image.elf);
	boot_image_close(&image);
}
END_TEST

START_TEST(elf_kernel_is_taken_with_pvh_only)
{
	struct boot_image image = {0};
	struct error error = {""};
	unsigned char elf[1024];
	char path[64];

	write_kernel(path, elf, test_elf(elf, true));
	ck_assert_int_eq(boot_image_open(arch_host(), path, &image, &error), 0);
	ck_assert_str_eq(image.elf, path);
	ck_assert_ptr_null(image.path);
	ck_assert_str_eq(image.release, TEST_RELEASE);
	boot_image_close(&image);

	test_write(path, elf, test_elf(elf, false));
	assert_refused(path, -ENOEXEC, "CONFIG_PVH");
}
END_TEST

START_TEST(what_is_no_kernel_is_refused)
{
	unsigned char data[8192];
	size_t len = test_kernel(data, sizeof(data));
	char path[64];

	write_kernel(path, data, len - 20);
	assert_refused(path, -EBADMSG, "damaged");
	memset(data + (TEST_SETUP_SECTS + 1) * 512 + TEST_PAYLOAD_OFFSET, 0x55,
	       40);
	test_write(path, data, len);
	assert_refused(path, -EBADMSG, "damaged");
	test_write(path, "#!/bin/sh\n", 10);
	assert_refused(path, -EINVAL, "not a kernel");
	test_write(path, "", 0);
	assert_refused(path, -EINVAL, "not a kernel");
	unlink(path);
	assert_refused(path, -ENOENT, "No such file");
	mkdir(path, 0755);
	assert_refused(path, -EISDIR, "directory");
	assert_refused("/dev/null", -EINVAL, "Invalid argument");
}
END_TEST

UNIT_MAIN("boot-image", header_is_read, header_cut_at_every_byte,
	  old_protocol_has_no_payload,
	  every_compressor_with_and_without_size_word,
	  boot_image_gives_its_elf_kernel,
	  kernel_without_pvh_is_booted_as_it_is,
	  elf_kernel_is_taken_with_pvh_only, what_is_no_kernel_is_refused)
