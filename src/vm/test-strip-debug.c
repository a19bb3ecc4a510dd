/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "vm/strip-debug.h"
#include "vm/test-module.h"

#define MAGIC "6.1.0-99-test SMP mod_unload"

static void section(const unsigned char *module, unsigned int index,
		    Elf64_Shdr *ret)
{
	Elf64_Ehdr header;

	memcpy(&header, module, sizeof(header));
	memcpy(ret, module + header.e_shoff + index * sizeof(*ret),
	       sizeof(*ret));
}

START_TEST(debug_sections_become_empty)
{
	unsigned char module[8192];
	cleanup_free unsigned char *stripped = NULL;
	size_t len = test_module(MAGIC, module), stripped_len = 0;
	Elf64_Shdr before, after;

	ck_assert_int_eq(strip_debug(module, len, &stripped, &stripped_len), 1);
	ck_assert_uint_lt(stripped_len, len - TEST_DEBUG_LEN);
	for (unsigned int i = 0; i < TEST_SECTIONS; i++) {
		section(module, i, &before);
		section(stripped, i, &after);
		ck_assert_uint_eq(after.sh_name, before.sh_name);
		ck_assert_uint_eq(after.sh_flags, before.sh_flags);
		if (i == TEST_DEBUG || i == TEST_RELA) {
			ck_assert_uint_eq(after.sh_type, SHT_NULL);
			ck_assert_uint_eq(after.sh_size, 0);
			continue;
		}
		ck_assert_uint_eq(after.sh_type, before.sh_type);
		ck_assert_uint_eq(after.sh_size, before.sh_size);
		if (i != TEST_NULL && i != TEST_BSS)
			ck_assert_mem_eq(stripped + after.sh_offset,
					 module + before.sh_offset,
					 before.sh_size);
	}
}
END_TEST

START_TEST(nothing_is_left_out_twice)
{
	unsigned char module[8192];
	cleanup_free unsigned char *once = NULL;
	unsigned char *twice = NULL;
	size_t len = test_module(MAGIC, module), once_len, twice_len;

	ck_assert_int_eq(strip_debug(module, len, &once, &once_len), 1);
	ck_assert_int_eq(strip_debug(once, once_len, &twice, &twice_len), 0);
	ck_assert_ptr_null(twice);
}
END_TEST

/* The section table is the last thing in it: every cut damages the file. */
START_TEST(cut_modules_are_left_alone)
{
	unsigned char module[8192];
	size_t len = test_module(MAGIC, module), stripped_len;

	for (size_t i = 0; i < len; i++) {
		/* its own allocation, for who watches accesses */
		cleanup_free unsigned char *cut = malloc(i + 1);
		unsigned char *stripped = NULL;

		memcpy(cut, module, i);
		ck_assert_int_eq(strip_debug(cut, i, &stripped, &stripped_len),
				 0);
		ck_assert_ptr_null(stripped);
	}
}
END_TEST

START_TEST(wrong_numbers_are_survived)
{
	unsigned char module[8192];
	size_t len = test_module(MAGIC, module), stripped_len;

	/* each byte of header and section table, once with its bits turned */
	for (size_t i = 0; i < len; i++) {
		unsigned char *stripped = NULL;

		if (i == sizeof(Elf64_Ehdr))
			i = len - TEST_SECTIONS * sizeof(Elf64_Shdr);
		module[i] ^= 0xff;
		if (strip_debug(module, len, &stripped, &stripped_len) > 0)
			ck_assert_uint_lt(stripped_len, len);
		free(stripped);
		module[i] ^= 0xff;
	}
}
END_TEST

UNIT_MAIN("strip-debug", debug_sections_become_empty, nothing_is_left_out_twice,
	  cut_modules_are_left_alone, wrong_numbers_are_survived)
