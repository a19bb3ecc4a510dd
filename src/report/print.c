/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/print.h"

#define WRAP_COLUMNS 78

/* A C1 control character in UTF-8: terminals obey these as well. */
static bool is_c1(const unsigned char *text)
{
	return text[0] == 0xc2 && text[1] >= 0x80 && text[1] <= 0x9f;
}

void print_word(FILE *out, const char *text, const char *forbidden)
{
	const unsigned char *at = (const unsigned char *)text;

	for (; *at; at++) {
		if (*at == '\n' || *at == '\t') {
			fputc(' ', out);
		} else if (*at == '\r') {
			continue;
		} else if (*at < ' ' || *at == 0x7f) {
			fprintf(out, "\\x%02x", *at);
		} else if (is_c1(at)) {
			at++;
			fprintf(out, "\\x%02x", *at);
		} else {
			fputc(strchr(forbidden, *at) ? '_' : *at, out);
		}
	}
}

void print_line(FILE *out, const char *text)
{
	print_word(out, text, "");
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

	fputs(first, out);
	while (*(text += strspn(text, " \n\t"))) {
		size_t len = strcspn(text, " \n\t");

		if (!begin && column + 1 + len > columns) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
			begin = true;
		}
		fprintf(out, "%s%.*s", begin ? "" : " ", (int)len, text);
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

void print_alone(FILE *out, const struct run_kernel *kernel,
		 const struct record *record, const char *before_id)
{
	bool guest = kernel && kernel->accelerator &&
		     strcmp(kernel->accelerator, "native") != 0;

	if (guest)
		fprintf(out, "gupcheck vm --kernel %s", record->kernel);
	else
		fputs("gupcheck cell", out);
	fputs(before_id, out);
	print_line(out, record->id);
}
