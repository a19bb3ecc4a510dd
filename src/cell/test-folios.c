/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <gupcheck/pattern.h>
#include "base/unit.h"
#include "cell/folios.h"

/* @size bytes that begin at a multiple of it, with or without huge pages */
static char *memory(size_t size, int advice)
{
	uintptr_t room = (uintptr_t)mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *ret = (char *)((room + size - 1) / size * size);

	madvise(ret, size, advice);
	return ret;
}

START_TEST(small_pages_are_folios_of_their_own)
{
	size_t page = pattern_page_size();
	char *map = memory(16 * page, MADV_NOHUGEPAGE);
	struct folios folios;
	int ret;

	memset(map, 1, 4 * page);
	memset(map + 8 * page, 1, page);
	ret = folios_look(map, 16 * page, &folios);
	if (ret == -EPERM && geteuid())
		return;
	ck_assert_int_eq(ret, 0);
	ck_assert_uint_eq(folios.pages, 5);
	ck_assert_uint_eq(folios.folios, 5);
	ck_assert_uint_eq(folios.largest, 1);
	ck_assert(!folios.mapped_whole);
}
END_TEST

START_TEST(memory_is_not_written_back)
{
	size_t page = pattern_page_size();
	char *map = memory(16 * page, MADV_NOHUGEPAGE);
	int ret;

	memset(map, 1, 16 * page);
	ret = folios_under_writeback(map, 16 * page);
	if (ret == -EPERM && geteuid())
		return;
	ck_assert_int_eq(ret, 0);
}
END_TEST

/* Where the kernel gives one, it is seen to be one */
START_TEST(a_huge_page_is_one_folio)
{
	size_t page = pattern_page_size(), size = folios_huge_size();
	struct folios folios;
	char *map;

	if (!size)
		return;
	map = memory(size, MADV_HUGEPAGE);
	memset(map, 1, size);
	if (folios_look(map, size, &folios) || !folios.mapped_whole)
		return;
	ck_assert_uint_eq(folios.pages, size / page);
	ck_assert_uint_eq(folios.folios, 1);
	ck_assert_uint_eq(folios.largest, size / page);
	/* a piece of it, too, is one folio */
	ck_assert_int_eq(folios_look(map + 4 * page, 8 * page, &folios), 0);
	ck_assert_uint_eq(folios.folios, 1);
	ck_assert_uint_eq(folios.largest, 8);
}
END_TEST

UNIT_MAIN("folios", small_pages_are_folios_of_their_own,
	  memory_is_not_written_back, a_huge_page_is_one_folio)
