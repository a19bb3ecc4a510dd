/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <gupcheck/pattern.h>
#include "base/cleanup.h"

static const char *const content_words[CONTENT_COUNT] = {
	[CONTENT_OLD] = "old",	       [CONTENT_NEW] = "new",
	[CONTENT_FOREIGN] = "foreign", [CONTENT_ZERO] = "zero",
	[CONTENT_MIXED] = "mixed",     [CONTENT_OTHER] = "other",
};

const char *content_to_string(enum content content)
{
	return content < CONTENT_COUNT ? content_words[content] : "invalid";
}

/* The finaliser of splitmix64: every bit of @x decides every bit of the word */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static uint64_t pattern_word(const struct pattern *pattern, size_t index)
{
	return mix(pattern->seed + index * UINT64_C(0x9e3779b97f4a7c15));
}

void patterns_init(struct patterns *ret, uint64_t seed)
{
	ret->old_data.seed = mix(seed + 1);
	ret->new_data.seed = mix(seed + 2);
	ret->foreign.seed = mix(seed + 3);
}

void pattern_fill(const struct pattern *pattern, size_t offset, void *buf,
		  size_t len)
{
	uint8_t *bytes = buf;

	while (len) {
		uint64_t word = pattern_word(pattern, offset / sizeof(word));
		size_t skip = offset % sizeof(word);
		size_t piece = sizeof(word) - skip;

		if (piece > len)
			piece = len;
		memcpy(bytes, (uint8_t *)&word + skip, piece);
		bytes += piece;
		offset += piece;
		len -= piece;
	}
}

size_t pattern_page_size(void)
{
	static size_t size;

	if (!size)
		size = (size_t)sysconf(_SC_PAGESIZE);
	return size;
}

/* Up to the end of the stride that the piece before @from lies in */
static void clear_rest(const struct landing *landing, uint8_t *buf, size_t from,
		       size_t end)
{
	size_t stride = landing->stride ? landing->stride : end;
	size_t next = (from + stride - 1) / stride * stride;

	memset(buf + from, 0, (next < end ? next : end) - from);
}

static void land(const struct pattern *pattern, const struct landing *landing,
		 uint8_t *bytes, size_t from, size_t to)
{
	if (landing->level)
		memset(bytes + from, landing->level, to - from);
	else
		pattern_fill(pattern, from, bytes + from, to - from);
}

void pattern_land(const struct pattern *pattern, const struct landing *landing,
		  void *buf, size_t len)
{
	size_t spare = landing->spare_pages * pattern_page_size();
	size_t after = spare > landing->tail ? spare : landing->tail;
	size_t end = after < len ? len - after : 0;
	size_t stride = landing->stride ? landing->stride : end;

	for (size_t at = landing->offset; at < end; at += stride) {
		size_t piece = landing->length ? landing->length
					       : stride - landing->offset;
		size_t from = at > landing->head ? at : landing->head;
		size_t to = piece > end - at ? end : at + piece;

		if (from < to)
			land(pattern, landing, buf, from, to);
		if (landing->clears && to > landing->head)
			clear_rest(landing, buf, to, end);
	}
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	return !len || (!bytes[0] && !memcmp(bytes, bytes + 1, len - 1));
}

static size_t first_difference(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t i = 0;

	while (i < len && a[i] == b[i])
		i++;
	return i;
}

/* Every byte is the old one, or the one that the device writes there */
static bool is_mixture(const uint8_t *bytes, const uint8_t *old_data,
		       const uint8_t *new_data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != old_data[i] && bytes[i] != new_data[i])
			return false;
	return true;
}

enum content content_classify(const struct patterns *patterns,
			      const struct landing *landing, const void *buf,
			      size_t len, size_t *ret_offset)
{
	cleanup_free uint8_t *expected = malloc(3 * len + 1);
	uint8_t *old_data = expected, *new_data, *foreign;

	if (!expected) {
		if (ret_offset)
			*ret_offset = 0;
		return CONTENT_OTHER;
	}
	new_data = old_data + len;
	foreign = new_data + len;
	pattern_fill(&patterns->old_data, 0, old_data, len);
	memcpy(new_data, old_data, len);
	pattern_land(&patterns->new_data, landing, new_data, len);
	pattern_fill(&patterns->foreign, 0, foreign, len);

	if (ret_offset)
		*ret_offset = first_difference(buf, old_data, len);
	if (!memcmp(buf, old_data, len))
		return CONTENT_OLD;
	if (!memcmp(buf, new_data, len))
		return CONTENT_NEW;
	if (!memcmp(buf, foreign, len))
		return CONTENT_FOREIGN;
	if (is_zero(buf, len))
		return CONTENT_ZERO;
	return is_mixture(buf, old_data, new_data, len) ? CONTENT_MIXED
							: CONTENT_OTHER;
}
