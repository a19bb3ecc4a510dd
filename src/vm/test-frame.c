/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/unit.h"
#include "vm/frame.h"

static const char *const records[] = {
	"{\"type\":\"hello\"}",
	"{\"type\":\"start\",\"id\":\"a/b/c\"}",
	"{\"type\":\"end\",\"reason\":\"@gup 1 00000000 {}\"}",
};

#define RECORDS (sizeof(records) / sizeof(records[0]))

/* All records as one stream; @ret_ends: where each frame ends. */
static char *stream(size_t *ret_len, size_t ret_ends[RECORDS])
{
	char *all = NULL;
	size_t len = 0;

	for (size_t i = 0; i < RECORDS; i++) {
		size_t part;
		char *line = frame_format(0, (uint32_t)i, records[i],
					  strlen(records[i]), &part);
		char *longer = realloc(all, len + part);

		ck_assert_ptr_nonnull(line);
		ck_assert_ptr_nonnull(longer);
		all = longer;
		memcpy(all + len, line, part);
		len += part;
		ret_ends[i] = len;
		free(line);
	}
	*ret_len = len;
	return all;
}

/* Reads everything; every record handed out must be one that was sent. */
static size_t drain(struct frame_reader *reader, size_t *ret_bad)
{
	size_t good = 0;
	struct error error;
	char *json;
	int ret;

	*ret_bad = 0;
	while ((ret = frame_reader_pop(reader, &json, &error)) != 0) {
		if (ret == -EBADMSG) {
			ck_assert_str_ne(error.text, "");
			(*ret_bad)++;
			continue;
		}
		ck_assert_int_eq(ret, 1);
		ck_assert_uint_lt(reader->next - 1, RECORDS);
		ck_assert_str_eq(json, records[reader->next - 1]);
		free(json);
		good++;
	}
	return good;
}

START_TEST(crc_is_the_one_of_ieee_802_3)
{
	ck_assert_uint_eq(frame_crc("123456789", 9), 0xcbf43926);
}
END_TEST

START_TEST(bytes_one_by_one)
{
	size_t len, ends[RECORDS], bad, good = 0;
	char *all = stream(&len, ends);
	struct frame_reader reader = {0};
	struct error error = {""};

	for (size_t i = 0; i < len; i++) {
		ck_assert_int_eq(frame_reader_push(&reader, all + i, 1), 0);
		good += drain(&reader, &bad);
		ck_assert_uint_eq(bad, 0);
	}
	ck_assert_uint_eq(good, RECORDS);
	ck_assert_int_eq(frame_reader_end(&reader, &error), 0);
	frame_reader_done(&reader);
	free(all);
}
END_TEST

START_TEST(cut_at_every_byte)
{
	size_t len, ends[RECORDS], bad;
	char *all = stream(&len, ends);

	for (size_t cut = 0; cut < len; cut++) {
		struct frame_reader reader = {0};
		struct error error = {""};
		size_t whole = 0, begin = 0;

		while (whole < RECORDS && ends[whole] <= cut)
			begin = ends[whole++];
		ck_assert_int_eq(frame_reader_push(&reader, all, cut), 0);
		ck_assert_uint_eq(drain(&reader, &bad), whole);
		ck_assert_uint_eq(bad, 0);
		ck_assert_int_eq(frame_reader_end(&reader, &error),
				 cut == begin ? 0 : -EBADMSG);
		frame_reader_done(&reader);
	}
	free(all);
}
END_TEST

START_TEST(every_damaged_byte_is_noticed)
{
	size_t len, ends[RECORDS], bad;
	char *all = stream(&len, ends);

	for (size_t at = 0; at < len; at++) {
		for (int bit = 0; bit < 8; bit++) {
			struct frame_reader reader = {0};
			struct error error = {""};
			size_t good;

			all[at] ^= (char)(1 << bit);
			ck_assert_int_eq(frame_reader_push(&reader, all, len),
					 0);
			all[at] ^= (char)(1 << bit);
			good = drain(&reader, &bad);
			ck_assert_msg(good < RECORDS, "byte %zu bit %d", at,
				      bit);
			/* at the very end it shows as a cut line */
			if (!bad)
				ck_assert_int_lt(
					frame_reader_end(&reader, &error), 0);
			frame_reader_done(&reader);
		}
	}
	free(all);
}
END_TEST

START_TEST(every_lost_byte_is_noticed)
{
	size_t len, ends[RECORDS], bad;
	char *all = stream(&len, ends);

	for (size_t at = 0; at < len; at++) {
		struct frame_reader reader = {0};
		struct error error = {""};

		frame_reader_push(&reader, all, at);
		frame_reader_push(&reader, all + at + 1, len - at - 1);
		ck_assert_uint_lt(drain(&reader, &bad), RECORDS);
		if (!bad)
			ck_assert_int_lt(frame_reader_end(&reader, &error), 0);
		frame_reader_done(&reader);
	}
	free(all);
}
END_TEST

START_TEST(lost_frame_is_a_gap_and_the_rest_arrives)
{
	size_t len, ends[RECORDS], bad;
	char *all = stream(&len, ends);
	struct frame_reader reader = {0};

	frame_reader_push(&reader, all, ends[0]);
	frame_reader_push(&reader, all + ends[1], len - ends[1]);
	ck_assert_uint_eq(drain(&reader, &bad), 2);
	ck_assert_uint_eq(bad, 1);
	frame_reader_done(&reader);
	free(all);
}
END_TEST

START_TEST(noise_without_newline_is_bounded)
{
	struct frame_reader reader = {0};
	static char noise[FRAME_MAX];
	size_t bad;

	memset(noise, 'x', sizeof(noise));
	ck_assert_int_eq(frame_reader_push(&reader, noise, sizeof(noise)), 0);
	ck_assert_uint_eq(drain(&reader, &bad), 0);
	ck_assert_uint_eq(bad, 1);
	ck_assert_uint_eq(reader.len, 0);
	frame_reader_done(&reader);
}
END_TEST

UNIT_MAIN("frame", crc_is_the_one_of_ieee_802_3, bytes_one_by_one,
	  cut_at_every_byte, every_damaged_byte_is_noticed,
	  every_lost_byte_is_noticed, lost_frame_is_a_gap_and_the_rest_arrives,
	  noise_without_newline_is_bounded)
