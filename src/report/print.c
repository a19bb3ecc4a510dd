/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/print.h"
#include "runner/json-text.h"

#define WRAP_COLUMNS 78

/* A C1 control character in UTF-8: terminals obey these as well. */
static bool is_c1(const unsigned char *text)
{
	return text[0] == 0xc2 && text[1] <= 0x9f;
}

static bool is_control(const unsigned char *text)
{
	return text[0] < ' ' || text[0] == 0x7f || is_c1(text);
}

size_t print_character(FILE *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length = utf8_length(at);

	if (length && !is_control(at)) {
		fprintf(out, "%.*s", (int)length, text);
		return length;
	}
	/* the number of a C1 character is its second byte */
	fprintf(out, "\\x%02x", at[length > 1]);
	return length ? length : 1;
}

/* Its bytes. */
static size_t put_character(FILE *out, const char *text, const char *forbidden)
{
	if (*text == '\n' || *text == '\t')
		fputc(' ', out);
	else if (strchr(forbidden, *text))
		fputc('_', out);
	else if (*text != '\r')
		return print_character(out, text);
	return 1;
}

void print_word(FILE *out, const char *text, const char *forbidden)
{
	while (*text)
		text += put_character(out, text, forbidden);
}

void print_line(FILE *out, const char *text)
{
	print_word(out, text, "");
}

void print_list(FILE *out, const char *const *texts)
{
	for (; *texts; texts++)
		print_line(out, *texts);
}

static void print_span(FILE *out, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end)
		text += put_character(out, text, "");
}

void print_wrapped(FILE *out, const char *first, unsigned int indent,
		   const char *text)
{
	print_wrapped_at(out, WRAP_COLUMNS, first, indent, text);
}

void print_wrapped_at(FILE *out, size_t columns, const char *first,
		      unsigned int indent, const char *text)
{
	size_t column = strlen(first);
	bool begin = true;

	print_line(out, first);
	while (*(text += strspn(text, " \n\t"))) {
		size_t len = strcspn(text, " \n\t");

		if (!begin && column + 1 + len > columns) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
			begin = true;
		}
		fputs(begin ? "" : " ", out);
		print_span(out, text, len);
		column += len + !begin;
		begin = false;
		text += len;
	}
	fputc('\n', out);
}

/*
 * Blue and cyan against yellow and magenta stay apart for nearly every eye; red
 * against green would not. Bad is bold, so that weight alone tells it.
 */
const char *style_on(bool color, enum verdict verdict)
{
	if (!color)
		return "";
	switch (verdict) {
	case VERDICT_SAFE:
		return "\033[36m";
	case VERDICT_REFUSED:
		return "\033[94m";
	case VERDICT_EXPOSED:
		return "\033[1;33m";
	case VERDICT_CORRUPT:
		return "\033[1;35m";
	case VERDICT_OOPS:
		return "\033[1;7m";
	case VERDICT_SKIPPED:
		return "\033[2m";
	case VERDICT_BROKEN:
	case VERDICT_HUNG:
	case VERDICT_VANISHED:
	case VERDICT_COUNT:
		break;
	}
	return "\033[1;4m";
}

const char *style_bold(bool color)
{
	return color ? "\033[1m" : "";
}

const char *style_off(bool color)
{
	return color ? "\033[0m" : "";
}

const char *record_word(const struct record *record)
{
	if (!record->started && !record->finished)
		return "not run";
	return verdict_to_string(record->verdict);
}

const char *record_mark(const struct record *record)
{
	if (record->outcome == OUTCOME_KNOWN_ISSUE)
		return "*";
	return record->outcome == OUTCOME_UNEXPECTED ? "!" : "";
}
