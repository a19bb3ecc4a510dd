/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/frame.h"
#include "vm/printable.h"

#define CRC_POLYNOMIAL 0xedb88320u
#define CRC_DIGITS 8

static uint32_t crc_update(uint32_t crc, const void *data, size_t len)
{
	const unsigned char *byte = data;

	while (len--) {
		crc ^= *byte++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? CRC_POLYNOMIAL : 0);
	}
	return crc;
}

uint32_t frame_crc(const void *data, size_t len)
{
	return ~crc_update(~0u, data, len);
}

/* The sequence number is covered too, or a damaged one would look like a gap.
 */
static uint32_t record_crc(uint32_t key, uint32_t sequence, const char *json,
			   size_t len)
{
	char number[32];
	int digits = snprintf(number, sizeof(number),
			      "%" PRIu32 " %" PRIu32 " ", key, sequence);

	return ~crc_update(crc_update(~0u, number, (size_t)digits), json, len);
}

char *frame_format(uint32_t key, uint32_t sequence, const char *json,
		   size_t len, size_t *ret_len)
{
	char *line;
	int written = asprintf(
		&line, FRAME_MARK "%" PRIu32 " %08" PRIx32 " %.*s\n", sequence,
		record_crc(key, sequence, json, len), (int)len, json);

	if (written < 0)
		return NULL;
	*ret_len = (size_t)written;
	return line;
}

int frame_reader_push(struct frame_reader *reader, const void *data, size_t len)
{
	if (reader->len + len > reader->allocated) {
		size_t size = 2 * (reader->len + len);
		char *grown = realloc(reader->data, size);

		if (!grown)
			return -ENOMEM;
		reader->data = grown;
		reader->allocated = size;
	}
	if (len)
		memcpy(reader->data + reader->len, data, len);
	reader->len += len;
	return 0;
}

static void consume(struct frame_reader *reader, size_t len)
{
	reader->len -= len;
	memmove(reader->data, reader->data + len, reader->len);
}

/* Reads digits only: strtoul() alone would take signs and blanks. */
static int parse_number(const char **text, int base, size_t min, size_t max,
			uint32_t *ret)
{
	static const char digits[] = "0123456789abcdef";
	const char *begin = *text;
	uint64_t value = 0;
	size_t count = 0;

	for (; count < max; count++) {
		const char *digit = **text ? strchr(digits, **text) : NULL;

		if (!digit || digit - digits >= base)
			break;
		value = value * (uint64_t)base + (uint64_t)(digit - digits);
		(*text)++;
	}
	if (count < min || value > UINT32_MAX || *(*text)++ != ' ')
		return -EBADMSG;
	/* nobody wrote a decimal number with zeros before it */
	if (base == 10 && count > 1 && *begin == '0')
		return -EBADMSG;
	*ret = (uint32_t)value;
	return 0;
}

/* Splits a line, whose newline was replaced by NUL, and verifies it. */
static int parse_line(const char *line, size_t len, uint32_t key,
		      uint32_t *ret_sequence, const char **ret_json)
{
	const char *at = line;
	uint32_t crc;

	if (strlen(line) != len ||
	    strncmp(line, FRAME_MARK, strlen(FRAME_MARK)) != 0)
		return -EBADMSG;
	at += strlen(FRAME_MARK);
	if (parse_number(&at, 10, 1, 10, ret_sequence) < 0)
		return -EBADMSG;
	if (parse_number(&at, 16, CRC_DIGITS, CRC_DIGITS, &crc) < 0)
		return -EBADMSG;
	*ret_json = at;
	if (crc !=
	    record_crc(key, *ret_sequence, at, len - (size_t)(at - line)))
		return -EBADMSG;
	return 0;
}

static int bad_line(struct frame_reader *reader, size_t len,
		    struct error *error)
{
	error->text[0] = '\0';
	error_set(error, 0, "damaged frame where %" PRIu32 " was due: %.60s",
		  reader->next, reader->data);
	printable(error->text);
	consume(reader, len);
	return -EBADMSG;
}

int frame_reader_pop(struct frame_reader *reader, char **ret_json,
		     struct error *error)
{
	char *newline =
		reader->len ? memchr(reader->data, '\n', reader->len) : NULL;
	size_t len;
	uint32_t sequence;
	const char *json;

	if (!newline) {
		if (reader->len < FRAME_MAX)
			return 0;
		reader->data[reader->len - 1] = '\0';
		return bad_line(reader, reader->len, error);
	}
	len = (size_t)(newline - reader->data);
	*newline = '\0';
	if (len >= FRAME_MAX ||
	    parse_line(reader->data, len, reader->key, &sequence, &json) < 0)
		return bad_line(reader, len + 1, error);
	if (sequence != reader->next) {
		error->text[0] = '\0';
		error_set(error, 0,
			  "frame %" PRIu32 " came where %" PRIu32 " was due",
			  sequence, reader->next);
		*newline = '\n';
		reader->next = sequence;
		return -EBADMSG;
	}
	*ret_json = strdup(json);
	if (!*ret_json)
		return -ENOMEM;
	consume(reader, len + 1);
	reader->next++;
	return 1;
}

int frame_reader_end(const struct frame_reader *reader, struct error *error)
{
	if (!reader->len)
		return 0;
	error_set(error, -EBADMSG, "the last frame was cut: %.*s",
		  (int)(reader->len < 60 ? reader->len : 60), reader->data);
	printable(error->text);
	return -EBADMSG;
}

void frame_reader_done(struct frame_reader *reader)
{
	free(reader->data);
	*reader = (struct frame_reader){0};
}
