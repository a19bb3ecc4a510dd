/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Fuzz: a serial line. The input is a program: noise, good frames and damaged
 * ones, handed to the reader in pieces. A second reader gets the same bytes at
 * once and must find the same.
 */

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>

#include "base/cleanup.h"
#include "base/fuzz.h"
#include "vm/frame.h"

#define FLOOD (256 * 1024)
#define FLOODS_MAX 6 /* more than FRAME_MAX in all */
#define FLOOD_PIECE 46

#define KEY 4210752
#define OTHER_KEY 0

enum step {
	STEP_NOISE,
	STEP_FRAME,
	STEP_DAMAGED,
	STEP_FORGED, /* by somebody who does not know the key */
	STEP_FLOOD,
	STEP_COUNT
};

/**
 * struct line - both ends of it
 * @sent: every byte, to compare with
 * @given: how many bytes of @sent the reader has given out or thrown away
 * @popped: what it said, one event a line
 * @sequence: of the next frame
 * @due: frames that must arrive: nothing but good ones in order was sent
 * @clean: only frames that are due were sent
 * @floods: how many more are affordable
 * @long_line: a line reached FRAME_MAX, which makes pieces matter
 */
struct line {
	struct frame_reader reader;
	struct frame_reader whole;
	char *sent;
	size_t sent_len;
	size_t sent_size;
	size_t given;
	FILE *events;
	uint32_t sequence;
	size_t due;
	size_t arrived;
	unsigned int floods;
	bool clean;
	bool long_line;
};

/* What was popped is, byte for byte, what frame_format() writes of it. */
static void check_record(const struct frame_reader *reader, const char *json,
			 const char *line, size_t len)
{
	cleanup_free char *formatted = NULL;
	size_t formatted_len;

	fuzz_assert(len <= FRAME_MAX);
	fuzz_assert(!strchr(json, '\n'));
	formatted = frame_format(reader->key, reader->next - 1, json,
				 strlen(json), &formatted_len);
	fuzz_assert(formatted && formatted_len == len);
	fuzz_assert(!memcmp(formatted, line, len));
}

static void check_error(const struct error *error)
{
	size_t len = strnlen(error->text, sizeof(error->text));

	fuzz_assert(len && len < sizeof(error->text));
	for (const char *at = error->text; *at; at++)
		fuzz_assert(isprint((unsigned char)*at) || *at == '\t');
}

/* All records; a reader that says neither "more" nor goes on is stuck. */
static size_t drain(struct frame_reader *reader, const char *sent,
		    size_t *given, FILE *events)
{
	size_t good = 0;
	bool gap = false;

	for (;;) {
		struct error error = {"stale"};
		cleanup_free char *json = NULL;
		size_t before = reader->len;
		uint32_t next = reader->next;
		int ret = frame_reader_pop(reader, &json, &error);
		size_t taken = before - reader->len;

		if (!ret) {
			fuzz_assert(!taken && reader->len < FRAME_MAX);
			return good;
		}
		fprintf(events, "%d %s\n", ret, json ? json : "");
		fuzz_assert(reader->len <= before);
		if (ret == 1) {
			fuzz_assert(taken && reader->next == next + 1);
			check_record(reader, json, sent + *given, taken);
			good++;
			gap = false;
		} else {
			fuzz_assert(ret == -EBADMSG && !json);
			/* a gap is told once, then its frame follows */
			fuzz_assert(!gap);
			gap = !taken;
			fuzz_assert(gap == (reader->next != next));
			check_error(&error);
		}
		*given += taken;
	}
}

static void send_piece(struct line *line, const void *data, size_t len)
{
	cleanup_free void *copy = fuzz_copy(data, len);

	if (line->sent_len + len > line->sent_size) {
		line->sent_size = 2 * (line->sent_len + len);
		line->sent = realloc(line->sent, line->sent_size);
		fuzz_assert(line->sent);
	}
	memcpy(line->sent + line->sent_len, copy, len);
	line->sent_len += len;
	fuzz_assert(!frame_reader_push(&line->reader, copy, len));
	line->arrived +=
		drain(&line->reader, line->sent, &line->given, line->events);
	fuzz_assert(line->given + line->reader.len == line->sent_len);
	if (line->clean)
		fuzz_assert(line->arrived <= line->due);
}

static void send_bytes(struct line *line, const char *data, size_t len,
		       size_t piece)
{
	/* a long line is searched anew with every piece: not byte by byte */
	if (line->long_line)
		piece = FLOOD;
	for (size_t at = 0; at < len; at += piece)
		send_piece(line, data + at,
			   len - at < piece ? len - at : piece);
}

static void send_frame(struct line *line, struct fuzz_input *input,
		       size_t piece, enum step kind)
{
	unsigned int jump = fuzz_byte(input);
	size_t len = fuzz_byte(input), frame_len;
	const uint8_t *data = fuzz_take(input, &len);
	cleanup_free char *json = fuzz_string(data, len);
	cleanup_free char *frame = NULL;

	for (char *at = json; (at = strchr(at, '\n'));)
		*at = ' ';
	line->sequence += jump == 255 ? UINT32_MAX - 1 : jump;
	frame = frame_format(kind == STEP_FORGED ? OTHER_KEY : KEY,
			     line->sequence++, json, strlen(json), &frame_len);
	fuzz_assert(frame && frame[frame_len - 1] == '\n');
	line->clean &= !jump;
	line->due++;
	line->clean &= kind != STEP_FORGED;
	if (kind == STEP_DAMAGED) {
		size_t at = fuzz_byte(input) % frame_len;
		char bits = (char)fuzz_byte(input);

		line->clean &= !bits;
		frame[at] ^= bits;
	}
	send_bytes(line, frame, frame_len, piece);
	if (line->clean)
		fuzz_assert(line->arrived == line->due && !line->reader.len);
}

/* Bytes of one kind: a few, or (slow, and therefore rare) a whole flood */
static void send_flood(struct line *line, char byte, size_t piece)
{
	static char flood[FLOOD];

	if (byte == '\n')
		byte = ' ';
	memset(flood, byte, sizeof(flood));
	line->clean = false;
	if (piece < FLOOD_PIECE) {
		send_piece(line, flood, piece);
		return;
	}
	line->long_line = true;
	for (; piece >= FLOOD_PIECE && line->floods; piece--) {
		line->floods--;
		send_piece(line, flood, sizeof(flood));
	}
}

static void run_step(struct line *line, struct fuzz_input *input)
{
	unsigned int code = fuzz_byte(input);
	size_t piece = code / STEP_COUNT + 1, len;
	const uint8_t *data;

	switch ((enum step)(code % STEP_COUNT)) {
	case STEP_NOISE:
		len = fuzz_byte(input);
		data = fuzz_take(input, &len);
		line->clean &= !len;
		send_bytes(line, (const char *)data, len, piece);
		break;
	case STEP_FRAME:
	case STEP_DAMAGED:
	case STEP_FORGED:
		send_frame(line, input, piece, (enum step)(code % STEP_COUNT));
		break;
	case STEP_FLOOD:
		send_flood(line, (char)fuzz_byte(input), piece);
		break;
	case STEP_COUNT:
		break;
	}
}

/* The same bytes at once are the same records. */
static void check_whole(struct line *line, const char *events)
{
	cleanup_free char *again = NULL;
	struct error error = {""}, whole_error = {""};
	size_t size, given = 0;
	FILE *file = open_memstream(&again, &size);

	fuzz_assert(file);
	fuzz_assert(
		!frame_reader_push(&line->whole, line->sent, line->sent_len));
	drain(&line->whole, line->sent, &given, file);
	fclose(file);
	if (line->long_line)
		return;
	fuzz_assert(!strcmp(again, events));
	fuzz_assert(given == line->given);
	fuzz_assert(line->whole.next == line->reader.next);
	fuzz_assert(frame_reader_end(&line->reader, &error) ==
		    frame_reader_end(&line->whole, &whole_error));
	fuzz_assert(!strcmp(error.text, whole_error.text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	struct line line = {.clean = true, .floods = FLOODS_MAX};
	cleanup_free char *events = NULL;
	struct error error = {""};
	size_t events_len;

	line.reader.key = KEY;
	line.whole.key = KEY;
	line.events = open_memstream(&events, &events_len);
	fuzz_assert(line.events);
	while (input.left)
		run_step(&line, &input);
	fclose(line.events);
	fuzz_assert(frame_reader_end(&line.reader, &error) ==
		    (line.reader.len ? -EBADMSG : 0));
	if (line.reader.len)
		check_error(&error);
	check_whole(&line, events);
	frame_reader_done(&line.reader);
	frame_reader_done(&line.whole);
	free(line.sent);
	return 0;
}
