/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/escape.h"
#include "report/print.h"

/* Valid UTF-8, but no characters of XML 1.0: U+FFFE and U+FFFF. */
static bool is_not_xml(const char *text)
{
	return !strncmp(text, "\xef\xbf\xbe", 3) ||
	       !strncmp(text, "\xef\xbf\xbf", 3);
}

static const char *xml_entity(char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

/* The bytes of what was written. */
static size_t put_xml(FILE *out, const char *text, bool lines)
{
	const char *entity = xml_entity(*text);

	if (*text == '\r')
		return 1;
	if (*text == '\n' || *text == '\t') {
		fputc(lines && *text == '\n' ? '\n' : ' ', out);
		return 1;
	}
	if (entity) {
		fputs(entity, out);
		return 1;
	}
	if (is_not_xml(text)) {
		fprintf(out, "\\uFFF%c", text[2] == '\xbe' ? 'E' : 'F');
		return 3;
	}
	return print_character(out, text);
}

void escape_xml(FILE *out, const char *text)
{
	while (*text)
		text += put_xml(out, text, true);
}

void escape_xml_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	while (*text)
		text += put_xml(out, text, false);
	fputc('"', out);
}

size_t link_length(const char *text)
{
	static const char scheme[] = "https://";
	size_t length = strlen(scheme);

	if (strncmp(text, scheme, length) != 0)
		return 0;
	length += strspn(text + length, "abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789/._~%?=&#+@:-");
	/* what ends a sentence is no part of it */
	while (strchr(".?:", text[length - 1]))
		length--;
	return length > strlen(scheme) ? length : 0;
}

void escape_markdown(FILE *out, const char *text)
{
	size_t link;

	while (*text) {
		link = link_length(text);
		if (link) {
			fprintf(out, "<%.*s>", (int)link, text);
			text += link;
			continue;
		}
		if (*text == '\r') {
			text++;
			continue;
		}
		if (*text == '\n' || *text == '\t') {
			fputc(' ', out);
			text++;
			continue;
		}
		if (strchr("\\`*_{}[]()<>#+-!|~&$^=@", *text))
			fputc('\\', out);
		text += print_character(out, text);
	}
}
