/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What kernels, runs and messages look like in all formats for people. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/config-hash.h"
#include "report/alone.h"
#include "report/compare.h"
#include "report/print.h"

static const json_t *arguments_of(const struct run_side *side)
{
	return json_object_get(side->run->command, "arguments");
}

void compare_put_config(FILE *out, const struct run_kernel *kernel)
{
	if (!kernel->config) {
		fputs("config unknown", out);
		return;
	}
	cleanup_free char *shown = strndup(kernel->config, CONFIG_HASH_SHOWN);

	fputs("config ", out);
	print_line(out, shown ? shown : "");
}

bool compare_configs_differ(const struct comparison *comparison)
{
	const char *old = comparison->old.kernel->config;
	const char *new = comparison->new.kernel->config;

	return old && new &&strcmp(old, new) != 0;
}

void compare_put_run_count(FILE *out, const struct run_side *side)
{
	if (side->repeat_count)
		fprintf(out, ", %zu runs", run_side_count(side));
}

bool compare_has_arguments(const struct run_side *side)
{
	return json_array_size(arguments_of(side));
}

void compare_put_arguments(struct command_line *line,
			   const struct run_side *side)
{
	const json_t *arguments = arguments_of(side);

	command_line_add(line, "gupcheck");
	for (size_t i = 0; i < json_array_size(arguments); i++) {
		const char *word =
			json_string_value(json_array_get(arguments, i));

		if (word)
			command_line_add(line, word);
	}
}

void compare_put_again(struct command_line *line, const struct run_side *side,
		       const struct record *record)
{
	alone_add(line, side->run, side->kernel, record->id);
}

bool compare_tells_both(const struct pair *pair)
{
	return pair->change == CHANGE_REASON ||
	       pair->change == CHANGE_CANNOT_TELL ||
	       pair->change == CHANGE_NOISE;
}

void compare_put_runs(FILE *out, const struct comparison *comparison,
		      const struct pair *pair, const char *before)
{
	if (!comparison_repeated(comparison) || !pair->old || !pair->new)
		return;
	fprintf(out, "%sin %zu of %zu runs before, in %zu of %zu now\n", before,
		pair->was.shown, pair->was.told, pair->is.shown, pair->is.told);
}

static void put_inlined(FILE *out, const char *before,
			const struct place *place)
{
	for (size_t i = 1; i < place->count; i++) {
		fprintf(out, "%s    inlined ", before);
		print_line(out, place->lines[i].function);
		fputs(" (", out);
		print_line(out, place->lines[i].where);
		fputs(")\n", out);
	}
}

static void put_piece(FILE *out, const char *from, const char *to)
{
	cleanup_free char *piece = strndup(from, (size_t)(to - from));

	print_line(out, piece ? piece : "");
}

void compare_put_message(FILE *out, const char *before, const char *line,
			 const struct places *places)
{
	const struct place *last = NULL;
	struct stack_symbol symbol;
	const char *at = line;

	fputs(before, out);
	while (places && stack_symbol_find(line, at, &symbol)) {
		const struct place *place = places_find(places, &symbol);
		const char *end = symbol.text + symbol.len;

		put_piece(out, at, end);
		at = end;
		if (!place)
			continue;
		last = place;
		fputs(" (", out);
		print_line(out, place->lines[0].where);
		fputc(')', out);
	}
	print_line(out, at);
	fputc('\n', out);
	if (last)
		put_inlined(out, before, last);
}
