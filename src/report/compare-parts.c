/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What kernels, runs and messages look like in all formats for people. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/config-hash.h"
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

static void add_option(struct command_line *line, const char *name,
		       const json_t *value)
{
	if (!json_is_string(value))
		return;
	command_line_add(line, name);
	command_line_add(line, json_string_value(value));
}

/* The --modules that this --kernel was given with */
static const json_t *modules_of(const json_t *options, const char *input)
{
	const json_t *kernels = json_object_get(options, "kernels");

	for (size_t i = 0; i < json_array_size(kernels); i++) {
		const json_t *kernel = json_array_get(kernels, i);
		const char *name =
			json_string_value(json_object_get(kernel, "input"));

		if (name && !strcmp(name, input))
			return json_object_get(kernel, "modules");
	}
	return NULL;
}

void compare_put_again(struct command_line *line, const struct run_side *side,
		       const struct record *record)
{
	const struct run_kernel *kernel = side->kernel;
	const json_t *options = json_object_get(side->run->command, "options");
	const char *input = kernel->input ? kernel->input : kernel->release;

	command_line_add(line, "gupcheck");
	if (kernel->accelerator && strcmp(kernel->accelerator, "native") != 0) {
		command_line_add(line, "vm");
		command_line_add(line, "--kernel");
		command_line_add(line, input);
		add_option(line, "--modules", modules_of(options, input));
		add_option(line, "--append",
			   json_object_get(options, "append"));
	} else {
		command_line_add(line, "cell");
	}
	command_line_add(line, record->id);
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
