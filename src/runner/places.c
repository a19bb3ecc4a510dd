/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "media/command.h"
#include "runner/places.h"
#include "runner/symbols.h"

#define PLACES_MAX 1000
#define ADDRESS_SIZE 20
/* Names the root of the source: it stands in this file of every kernel */
#define ROOT_SYMBOL "start_kernel"
#define ROOT_FILE "init/main.c:"

static const struct place *find(const struct places *places, const char *symbol,
				size_t len, bool back)
{
	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->places[i];

		if (place->back == back && strlen(place->symbol) == len &&
		    !memcmp(place->symbol, symbol, len))
			return place;
	}
	return NULL;
}

static int add(struct places *places, const struct stack_symbol *symbol)
{
	struct place *more =
		reallocarray(places->places, places->count + 1, sizeof(*more));
	char *text = strndup(symbol->text, symbol->len);

	if (more)
		places->places = more;
	if (!more || !text) {
		free(text);
		return -ENOMEM;
	}
	more[places->count++] =
		(struct place){.symbol = text, .back = symbol->back};
	return 0;
}

int places_want(struct places *places, const char *line)
{
	struct stack_symbol symbol;
	const char *at = line;
	int ret = 0;

	while (!ret && stack_symbol_find(line, at, &symbol)) {
		at = symbol.text + symbol.len;
		if (!symbol.module && places->count < PLACES_MAX &&
		    !find(places, symbol.text, symbol.len, symbol.back))
			ret = add(places, &symbol);
	}
	return ret;
}

/* Gives each its address; how many have one */
static size_t locate(struct places *places, const struct symbols *symbols)
{
	size_t found = 0;

	for (size_t i = 0; i < places->count; i++) {
		struct place *place = &places->places[i];
		struct stack_symbol symbol;
		uint64_t begin;

		stack_symbol_find(place->symbol, place->symbol, &symbol);
		place->found =
			symbols_find(symbols, symbol.text, symbol.name_len,
				     symbol.size, &begin);
		place->address = begin + symbol.offset - place->back;
		found += place->found;
	}
	return found;
}

/* `vmlinux` of the arguments, then addresses, the root's first */
static int ask(const struct places *places, const char *vmlinux, uint64_t root,
	       char **ret, struct error *error)
{
	char(*texts)[ADDRESS_SIZE] = calloc(places->count + 1, sizeof(*texts));
	cleanup_free const char **argv =
		calloc(places->count + 7, sizeof(*argv));
	size_t count = 0, n = 0;
	int failed = -ENOMEM;

	if (texts && argv) {
		argv[n++] = "addr2line";
		argv[n++] = "-afi";
		argv[n++] = "-e";
		argv[n++] = vmlinux;
		snprintf(texts[count], ADDRESS_SIZE, "0x%" PRIx64, root);
		argv[n++] = texts[count++];
		for (size_t i = 0; i < places->count; i++) {
			if (!places->places[i].found)
				continue;
			snprintf(texts[count], ADDRESS_SIZE, "0x%" PRIx64,
				 places->places[i].address);
			argv[n++] = texts[count++];
		}
		failed = command_output(argv, ret, error);
	}
	free(texts);
	return failed;
}

/* Without the folder that it was built in, and without its tail */
static char *clean(const char *where, const char *root, size_t root_len)
{
	const char *end = strchr(where, ' ');
	char *text;

	if (!strncmp(where, root, root_len))
		where += root_len;
	while (!strncmp(where, "./", 2))
		where += 2;
	text = strndup(where, end ? (size_t)(end - where) : strlen(where));
	return text;
}

/* `??:0`, `file.c:?`: the vmlinux does not tell */
static bool is_known(const char *where)
{
	const char *colon = strrchr(where, ':');

	return where[0] != '?' && colon && colon[1] > '0' && colon[1] <= '9';
}

static int add_line(struct place *place, const char *function,
		    const char *where, const char *root, size_t root_len)
{
	struct place_line *more;

	if (!is_known(where))
		return 0;
	more = reallocarray(place->lines, place->count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	place->lines = more;
	/* it begins with what was inlined deepest, and we with the function */
	memmove(more + 1, more, place->count * sizeof(*more));
	more[0] = (struct place_line){strdup(function),
				      clean(where, root, root_len)};
	place->count++;
	return more[0].function && more[0].where ? 0 : -ENOMEM;
}

/* The next that has an address */
static struct place *next_found(struct places *places, struct place *at)
{
	struct place *end = places->places + places->count;

	for (at = at ? at + 1 : places->places; at < end; at++)
		if (at->found)
			return at;
	return NULL;
}

/* Blocks of an address, and pairs of a function and its line */
static int read_answer(struct places *places, char *text)
{
	struct place *place = NULL;
	char *function, *where, *root = text;
	size_t root_len = 0, blocks = 0;
	int ret = 0;

	while (!ret && (function = strsep(&text, "\n")) && *function) {
		if (!strncmp(function, "0x", 2)) {
			if (blocks++)
				place = next_found(places, place);
			continue;
		}
		where = strsep(&text, "\n");
		if (!where)
			break;
		if (blocks > 1 && place) {
			ret = add_line(place, function, where, root, root_len);
		} else if (strstr(where, ROOT_FILE)) {
			root = where;
			root_len = (size_t)(strstr(where, ROOT_FILE) - where);
		}
	}
	return ret;
}

static int resolve(struct places *places, const char *vmlinux,
		   const struct symbols *symbols, struct error *error)
{
	cleanup_free char *answer = NULL;
	uint64_t root = 0;
	int ret;

	symbols_find(symbols, ROOT_SYMBOL, strlen(ROOT_SYMBOL), 0, &root);
	ret = ask(places, vmlinux, root, &answer, error);
	if (!ret)
		ret = read_answer(places, answer);
	if (ret < 0)
		return error_set(error, ret, "%s:", vmlinux);
	for (size_t i = 0; i < places->count; i++)
		if (places->places[i].count)
			return 0;
	return error_set(
		error, -ENODATA,
		"%s: has no line information: build it with CONFIG_DEBUG_INFO",
		vmlinux);
}

int places_resolve(struct places *places, const char *vmlinux,
		   struct error *error)
{
	struct symbols symbols;
	int ret;

	if (!places->count)
		return 0;
	if (access(vmlinux, R_OK) < 0)
		return error_set(error, -errno, "%s:", vmlinux);
	ret = symbols_read(&symbols, vmlinux, error);
	if (!ret && !locate(places, &symbols))
		ret = error_set(
			error, -ESTALE,
			"%s: is of another build: none of the functions has the size it has there",
			vmlinux);
	if (!ret)
		ret = resolve(places, vmlinux, &symbols, error);
	symbols_done(&symbols);
	return ret;
}

const struct place *places_find(const struct places *places,
				const struct stack_symbol *symbol)
{
	const struct place *place =
		symbol->module || !places
			? NULL
			: find(places, symbol->text, symbol->len, symbol->back);

	return place && place->count ? place : NULL;
}

void places_done(struct places *places)
{
	for (size_t i = 0; i < places->count; i++) {
		struct place *place = &places->places[i];

		for (size_t k = 0; k < place->count; k++) {
			free(place->lines[k].function);
			free(place->lines[k].where);
		}
		free(place->lines);
		free(place->symbol);
	}
	free(places->places);
	*places = (struct places){NULL};
}
