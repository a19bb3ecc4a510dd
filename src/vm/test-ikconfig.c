/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include "base/cleanup.h"
#include "base/unit.h"
#include "vm/ikconfig.h"

/* `CONFIG_VETH=y`, packed with gzip */
static const unsigned char packed[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x73, 0xf6,
	0xf7, 0x73, 0xf3, 0x74, 0x8f, 0x0f, 0x73, 0x0d, 0xf1, 0xb0, 0xad, 0xe4,
	0x02, 0x00, 0x16, 0xf8, 0x53, 0x7b, 0x0e, 0x00, 0x00, 0x00};

static size_t make_kernel(unsigned char *kernel, const char *before)
{
	size_t len = strlen(before);

	memcpy(kernel, before, len);
	memcpy(kernel + len, packed, sizeof(packed));
	memcpy(kernel + len + sizeof(packed), "IKCFG_ED and more", 17);
	return len + sizeof(packed) + 17;
}

START_TEST(the_config_is_found_behind_its_mark)
{
	unsigned char kernel[256];
	struct blob blob = {.data = kernel};
	cleanup_free unsigned char *text = NULL;
	size_t len;

	/* the first mark is only a string of the kernel's code */
	blob.len = make_kernel(kernel, "codeIKCFG_STcode IKCFG_ST");
	ck_assert_int_eq(ikconfig_find(&blob, &text, &len), 0);
	ck_assert_uint_eq(len, 14);
	ck_assert_mem_eq(text, "CONFIG_VETH=y\n", 14);
}
END_TEST

START_TEST(a_kernel_without_it_says_so)
{
	static const unsigned char kernel[] = "a kernel IKCFG_ST";
	struct blob blob = {.data = kernel, .len = sizeof(kernel) - 1};
	struct blob empty = {0};
	unsigned char *text;
	size_t len;

	ck_assert_int_eq(ikconfig_find(&blob, &text, &len), -ENOENT);
	ck_assert_int_eq(ikconfig_find(&empty, &text, &len), -ENOENT);
}
END_TEST

UNIT_MAIN("ikconfig", the_config_is_found_behind_its_mark,
	  a_kernel_without_it_says_so)
