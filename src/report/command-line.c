/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/command-line.h"
#include "report/print.h"

#define CONTINUED " \\\n"
#define CONTINUED_COLUMNS 2
#define FURTHER 4
/* What no shell takes for anything else, anywhere in a word */
#define PLAIN                                                  \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789_@%+=:,./-"

static void put_word(FILE *out, const char *word)
{
	if (*word && !word[strspn(word, PLAIN)]) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	while (*word) {
		size_t len = strcspn(word, "'");
		cleanup_free char *piece = strndup(word, len);

		print_line(out, piece ? piece : "");
		word += len;
		if (*word == '\'') {
			fputs("'\\''", out);
			word++;
		}
	}
	fputc('\'', out);
}

void command_line_add(struct command_line *line, const char *word)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *memory = open_memstream(&text, &len);

	if (!memory)
		return;
	put_word(memory, word);
	if (fclose(memory))
		return;
	if (!line->column) {
		line->column = line->indent;
	} else if (line->columns &&
		   line->column + 1 + len + CONTINUED_COLUMNS > line->columns) {
		line->column = line->indent + FURTHER;
		fprintf(line->out, CONTINUED "%*s", (int)line->column, "");
	} else {
		fputc(' ', line->out);
		line->column++;
	}
	fputs(text, line->out);
	line->column += len;
}
