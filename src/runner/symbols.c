/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "media/command.h"
#include "runner/symbols.h"

/* Functions, weak ones, and what is chosen when the program is loaded */
#define FUNCTIONS "tTwWi"

/* `ADDRESS [SIZE] TYPE NAME`; false for all but functions */
static bool read_line(char *line, struct symbol *ret)
{
	char *end;

	ret->address = strtoull(line, &end, 16);
	if (end == line || *end != ' ')
		return false;
	line = end + 1;
	ret->size = 0;
	if (line[0] && line[1] != ' ') {
		ret->size = strtoull(line, &end, 16);
		if (end == line || *end != ' ')
			return false;
		line = end + 1;
	}
	if (!line[0] || !strchr(FUNCTIONS, line[0]) || line[1] != ' ')
		return false;
	ret->name = line + 2;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

static void measure(struct symbols *symbols)
{
	uint64_t next = 0;

	for (size_t i = symbols->count; i--;) {
		struct symbol *symbol = &symbols->symbols[i];

		if (i + 1 < symbols->count &&
		    symbol[1].address != symbol->address)
			next = symbol[1].address;
		symbol->room = next ? next - symbol->address : 0;
	}
}

int symbols_parse(struct symbols *ret, char *text)
{
	size_t lines = 1;
	char *rest = text, *line;

	*ret = (struct symbols){.text = text};
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	ret->symbols = calloc(lines, sizeof(*ret->symbols));
	if (!ret->symbols)
		return -ENOMEM;
	while ((line = strsep(&rest, "\n")))
		if (read_line(line, &ret->symbols[ret->count]))
			ret->count++;
	qsort(ret->symbols, ret->count, sizeof(*ret->symbols), compare);
	measure(ret);
	return 0;
}

int symbols_read(struct symbols *ret, const char *vmlinux, struct error *error)
{
	const char *argv[] = {"nm", "-S", "--defined-only", vmlinux, NULL};
	char *text = NULL;
	int failed = command_output(argv, &text, error);

	*ret = (struct symbols){.count = 0};
	if (failed < 0)
		return failed;
	failed = symbols_parse(ret, text);
	return failed < 0 ? error_set(error, failed, "%s:", vmlinux) : 0;
}

bool symbols_find(const struct symbols *symbols, const char *name, size_t len,
		  uint64_t size, uint64_t *ret)
{
	const struct symbol *found = NULL;

	*ret = 0;
	for (size_t i = 0; i < symbols->count; i++) {
		const struct symbol *symbol = &symbols->symbols[i];

		if (strncmp(symbol->name, name, len) != 0 ||
		    symbol->name[len] ||
		    (size && symbol->size != size && symbol->room != size))
			continue;
		if (found && found->address != symbol->address)
			return false;
		found = symbol;
	}
	if (found)
		*ret = found->address;
	return found;
}

void symbols_done(struct symbols *symbols)
{
	free(symbols->symbols);
	free(symbols->text);
	*symbols = (struct symbols){.count = 0};
}
