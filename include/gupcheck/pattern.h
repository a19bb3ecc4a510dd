/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_PATTERN_H
#define GUPCHECK_PATTERN_H

/*
 * Test data: what a file holds before the device writes, and what the device
 * writes.
 *
 * Every byte follows from a seed and its offset in the file, so a page that
 * lands at a wrong place, or comes from another file, is told apart from a page
 * that was not written.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct pattern - an endless, position-dependent byte sequence
 * @seed: two patterns with different seeds share no page
 */
struct pattern {
	uint64_t seed;
};

/**
 * struct landing - which bytes of a pinned range one device write changes
 * @offset: first byte changed in each stride, in bytes
 * @length: bytes changed in each stride; 0 means the whole stride
 * @stride: distance between two changed pieces, in bytes; 0 means that the
 *	whole range is one piece
 * @spare_pages: pages at the end of the range that stay unchanged
 * @head, @tail: bytes at the start and the end of what is looked at that stay
 *	unchanged because they are outside of the pin
 * @clears: what follows the changed bytes in a stride becomes zero
 * @level: where the data cannot be chosen: the value of each byte that the
 *	device writes, not 0; then data at a wrong place is not told apart
 *
 * All zero: the device writes every byte of the range, and what it is told.
 */
struct landing {
	size_t offset;
	size_t length;
	size_t stride;
	unsigned int spare_pages;
	size_t head;
	size_t tail;
	bool clears;
	uint8_t level;
};

/** pattern_page_size() - bytes of a page, from sysconf(_SC_PAGESIZE) */
size_t pattern_page_size(void);

/** enum content - what a piece of memory or disk was seen to hold */
enum content {
	CONTENT_OLD, /* what the file held before the pin */
	CONTENT_NEW, /* what the device wrote, at every place it had to */
	CONTENT_FOREIGN, /* what the other file of the cell held */
	CONTENT_ZERO, /* zeroes only */
	CONTENT_MIXED, /* old and new data side by side */
	CONTENT_OTHER, /* anything else */
	CONTENT_COUNT
};

/** content_to_string() - the word for @content, as reports print it */
const char *content_to_string(enum content content);

/**
 * pattern_fill() - write a piece of a pattern
 * @pattern: the sequence
 * @offset: where in the sequence @buf begins, in bytes
 * @buf: receives @len bytes
 */
void pattern_fill(const struct pattern *pattern, size_t offset, void *buf,
		  size_t len);

/**
 * pattern_land() - overwrite what one device write changes
 * @pattern: what the device writes
 * @landing: where it lands
 * @buf: the range, its first byte at offset 0 of the pattern
 * @len: bytes in @buf
 */
void pattern_land(const struct pattern *pattern, const struct landing *landing,
		  void *buf, size_t len);

/** struct patterns - the three sequences of a cell */
struct patterns {
	struct pattern old_data;
	struct pattern new_data;
	struct pattern foreign;
};

/** patterns_init() - three different sequences that follow from @seed */
void patterns_init(struct patterns *ret, uint64_t seed);

/**
 * content_classify() - name what @buf holds
 * @patterns: the sequences of the cell
 * @landing: where the device write lands
 * @buf: @len bytes from offset 0 of the file
 * @ret_offset: receives the first byte that is not old data, or @len; may be
 *	NULL
 */
enum content content_classify(const struct patterns *patterns,
			      const struct landing *landing, const void *buf,
			      size_t len, size_t *ret_offset);

#endif
