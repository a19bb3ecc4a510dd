/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <gupcheck/pattern.h>
#include "base/unit.h"

#define LENGTH 65536

static const struct landing everywhere = {0};
static const struct landing strided = {
	.offset = 256,
	.length = 1024,
	.stride = 4096,
};

static struct patterns patterns;
static unsigned char buf[LENGTH];

static void fill_old(void)
{
	patterns_init(&patterns, 42);
	pattern_fill(&patterns.old_data, 0, buf, LENGTH);
}

static enum content seen(const struct landing *landing, size_t *offset)
{
	return content_classify(&patterns, landing, buf, LENGTH, offset);
}

START_TEST(pieces_make_the_whole)
{
	unsigned char whole[100], pieces[100];
	struct pattern pattern = {.seed = 7};

	pattern_fill(&pattern, 3, whole, sizeof(whole));
	for (size_t i = 0; i < sizeof(pieces); i += 5)
		pattern_fill(&pattern, 3 + i, pieces + i, 5);
	ck_assert_mem_eq(whole, pieces, sizeof(whole));
}
END_TEST

START_TEST(content_is_named)
{
	size_t offset;

	fill_old();
	ck_assert_int_eq(seen(&everywhere, &offset), CONTENT_OLD);
	ck_assert_uint_eq(offset, LENGTH);
	pattern_land(&patterns.new_data, &everywhere, buf, LENGTH);
	ck_assert_int_eq(seen(&everywhere, &offset), CONTENT_NEW);
	ck_assert_uint_eq(offset, 0);
	pattern_fill(&patterns.foreign, 0, buf, LENGTH);
	ck_assert_int_eq(seen(&everywhere, NULL), CONTENT_FOREIGN);
	memset(buf, 0, LENGTH);
	ck_assert_int_eq(seen(&everywhere, NULL), CONTENT_ZERO);
	memset(buf, 'x', LENGTH);
	ck_assert_int_eq(seen(&everywhere, NULL), CONTENT_OTHER);
	fill_old();
	pattern_fill(&patterns.new_data, 4096, buf + 4096, 4096);
	ck_assert_int_eq(seen(&everywhere, &offset), CONTENT_MIXED);
	ck_assert_uint_eq(offset, 4096);
}
END_TEST

START_TEST(one_wrong_byte_is_noticed_anywhere)
{
	for (size_t i = 0; i < LENGTH; i += 997) {
		fill_old();
		pattern_land(&patterns.new_data, &strided, buf, LENGTH);
		ck_assert_int_eq(seen(&strided, NULL), CONTENT_NEW);
		buf[i] ^= 0x5a;
		ck_assert_int_ne(seen(&strided, NULL), CONTENT_NEW);
		ck_assert_int_ne(seen(&strided, NULL), CONTENT_OLD);
	}
}
END_TEST

START_TEST(data_at_the_wrong_place_is_not_new)
{
	fill_old();
	pattern_fill(&patterns.new_data, 0, buf + 4096, 4096);
	ck_assert_int_eq(seen(&everywhere, NULL), CONTENT_OTHER);
	/* where the device has no business to write */
	fill_old();
	pattern_fill(&patterns.new_data, 0, buf, 16);
	ck_assert_int_eq(seen(&strided, NULL), CONTENT_OTHER);
}
END_TEST

START_TEST(landing_stays_in_its_bounds)
{
	struct landing spare = {.spare_pages = 1};
	size_t page = pattern_page_size();
	unsigned char before[LENGTH];

	fill_old();
	memcpy(before, buf, LENGTH);
	pattern_land(&patterns.new_data, &spare, buf, LENGTH);
	ck_assert_mem_eq(buf + LENGTH - page, before + LENGTH - page, page);
	ck_assert_mem_ne(buf + LENGTH - 2 * page, before + LENGTH - 2 * page,
			 page);
	fill_old();
	pattern_land(&patterns.new_data, &strided, buf, LENGTH);
	for (size_t i = 0; i < LENGTH; i++)
		if (i % 4096 < 256 || i % 4096 >= 256 + 1024)
			ck_assert_uint_eq(buf[i], before[i]);
}
END_TEST

/* What is outside of the pin is the old data, whatever would land there */
START_TEST(landing_leaves_out_head_and_tail)
{
	struct landing landing = {.head = 512, .tail = 100};
	unsigned char before[LENGTH], whole[LENGTH];

	fill_old();
	memcpy(before, buf, LENGTH);
	pattern_fill(&patterns.new_data, 0, whole, LENGTH);
	pattern_land(&patterns.new_data, &landing, buf, LENGTH);
	ck_assert_mem_eq(buf, before, 512);
	ck_assert_mem_eq(buf + 512, whole + 512, LENGTH - 612);
	ck_assert_mem_eq(buf + LENGTH - 100, before + LENGTH - 100, 100);
	ck_assert_int_eq(seen(&landing, NULL), CONTENT_NEW);
	/* nothing that the device may write there */
	buf[511] = whole[511];
	ck_assert_int_eq(seen(&landing, NULL), CONTENT_OTHER);

	/* a head that ends within a piece, and between two */
	landing = strided;
	landing.head = 4096 + 512;
	fill_old();
	pattern_land(&patterns.new_data, &landing, buf, LENGTH);
	ck_assert_mem_eq(buf, before, 4096 + 512);
	ck_assert_mem_eq(buf + 4096 + 512, whole + 4096 + 512, 768);
	landing.head = 8192;
	fill_old();
	pattern_land(&patterns.new_data, &landing, buf, LENGTH);
	ck_assert_mem_eq(buf, before, 8192 + 256);
	ck_assert_mem_eq(buf + 8192 + 256, whole + 8192 + 256, 1024);

	/* the longer of two tails */
	landing = (struct landing){.tail = LENGTH / 2, .spare_pages = 1};
	fill_old();
	pattern_land(&patterns.new_data, &landing, buf, LENGTH);
	ck_assert_mem_eq(buf, whole, LENGTH / 2);
	ck_assert_mem_eq(buf + LENGTH / 2, before + LENGTH / 2, LENGTH / 2);
}
END_TEST

START_TEST(what_the_device_clears_is_zero)
{
	struct landing cleared = {.length = 12, .stride = 16, .clears = true};
	unsigned char new[16];

	fill_old();
	pattern_land(&patterns.new_data, &cleared, buf, 40);
	pattern_fill(&patterns.new_data, 16, new, sizeof(new));
	ck_assert_mem_eq(buf + 16, new, 12);
	for (size_t i = 28; i < 32; i++)
		ck_assert_uint_eq(buf[i], 0);
	/* the last stride is cut short */
	pattern_fill(&patterns.old_data, 40, new, 8);
	ck_assert_mem_eq(buf + 40, new, 8);
	fill_old();
	pattern_land(&patterns.new_data, &cleared, buf, LENGTH);
	ck_assert_int_eq(seen(&cleared, NULL), CONTENT_NEW);
	buf[13] = 1;
	ck_assert_int_ne(seen(&cleared, NULL), CONTENT_NEW);
}
END_TEST

/* A device whose data cannot be chosen is held to its one value everywhere. */
START_TEST(a_level_is_told_from_all_else)
{
	static const struct landing level = {.spare_pages = 1, .level = 0x5a};
	size_t end = LENGTH - pattern_page_size();
	size_t offset;

	fill_old();
	ck_assert_int_eq(seen(&level, NULL), CONTENT_OLD);
	pattern_land(&patterns.new_data, &level, buf, LENGTH);
	ck_assert_int_eq(seen(&level, &offset), CONTENT_NEW);
	for (size_t i = 0; i < end; i++)
		ck_assert_uint_eq(buf[i], 0x5a);
	for (size_t i = 0; i < LENGTH; i += 997) {
		buf[i] ^= 1;
		ck_assert_int_eq(seen(&level, NULL), CONTENT_OTHER);
		buf[i] ^= 1;
	}
	/* another level, one page too few, one too many */
	memset(buf, 0x5b, end);
	ck_assert_int_eq(seen(&level, NULL), CONTENT_OTHER);
	fill_old();
	memset(buf, 0x5a, end / 2);
	ck_assert_int_eq(seen(&level, NULL), CONTENT_MIXED);
	memset(buf, 0x5a, LENGTH);
	ck_assert_int_eq(seen(&level, NULL), CONTENT_OTHER);
	fill_old();
	pattern_land(&patterns.new_data, &everywhere, buf, end);
	ck_assert_int_eq(seen(&level, NULL), CONTENT_OTHER);
}
END_TEST

UNIT_MAIN("pattern", pieces_make_the_whole, content_is_named,
	  one_wrong_byte_is_noticed_anywhere,
	  data_at_the_wrong_place_is_not_new, landing_stays_in_its_bounds,
	  landing_leaves_out_head_and_tail, what_the_device_clears_is_zero,
	  a_level_is_told_from_all_else)
