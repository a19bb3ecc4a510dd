/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_FRAME_H
#define VM_FRAME_H

/*
 * Frame: one record on the serial line between a guest and its host, as one
 * line of text
 *
 *	@gup SEQUENCE CRC32 JSON\n
 *
 * SEQUENCE counts from 0 in each direction, in decimal. CRC32 (IEEE 802.3,
 * eight hexadecimal digits) covers `KEY SEQUENCE JSON`; KEY is a number that
 * both ends know and the line does not carry, which keeps out what a cell may
 * write to the line. A serial line may drop, invert or cut bytes when the
 *kernel at its end falls over: a reader says so, and never hands out a record
 *that is not the one that was sent.
 */

#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

#define FRAME_MARK "@gup "

/* A line longer than this is not a frame of ours. */
#define FRAME_MAX (1024 * 1024)

/** frame_crc() - CRC-32 as in IEEE 802.3, of @len bytes */
uint32_t frame_crc(const void *data, size_t len);

/**
 * frame_format() - the line for one record
 * @key: 0 before the ends have agreed on one
 * @json: text without newline, @len bytes
 * @ret_len: receives the length of the line, newline included
 * Return: the line, to be freed, or NULL when there is no memory.
 */
char *frame_format(uint32_t key, uint32_t sequence, const char *json,
		   size_t len, size_t *ret_len);

/**
 * struct frame_reader - takes bytes, gives records; all zero at the beginning
 * @data: bytes not yet given out, owned
 * @key: of the frames to come
 * @next: sequence number that the next frame must have
 */
struct frame_reader {
	char *data;
	size_t len;
	size_t allocated;
	uint32_t key;
	uint32_t next;
};

/** frame_reader_push() - hand in what was read; 0 or -ENOMEM */
int frame_reader_push(struct frame_reader *reader, const void *data,
		      size_t len);

/**
 * frame_reader_pop() - the next record
 * @ret_json: receives a string to be freed
 * @error: overwritten; says what was wrong with the line
 *
 * Return: 1; 0 when more bytes are needed; -EBADMSG for a line that is no
 * frame, for a wrong checksum, and once before the first frame after a gap;
 * -ENOMEM. After -EBADMSG the reader goes on behind the bad line.
 */
int frame_reader_pop(struct frame_reader *reader, char **ret_json,
		     struct error *error);

/** frame_reader_end() - 0, or -EBADMSG when the last line was cut */
int frame_reader_end(const struct frame_reader *reader, struct error *error);

/** frame_reader_done() - free what it holds */
void frame_reader_done(struct frame_reader *reader);

#endif
