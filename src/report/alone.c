/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/alone.h"

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

void alone_add(struct command_line *line, const struct run *run,
	       const struct run_kernel *kernel, const char *id)
{
	const json_t *options = json_object_get(run->command, "options");

	command_line_add(line, "gupcheck");
	if (kernel && kernel->accelerator &&
	    strcmp(kernel->accelerator, "native") != 0) {
		const char *input =
			kernel->input ? kernel->input : kernel->release;

		command_line_add(line, "vm");
		command_line_add(line, "--kernel");
		command_line_add(line, input);
		add_option(line, "--modules", modules_of(options, input));
		add_option(line, "--append",
			   json_object_get(options, "append"));
	} else {
		command_line_add(line, "cell");
	}
	if (id)
		command_line_add(line, id);
}

void alone_put(FILE *out, const struct run *run,
	       const struct run_kernel *kernel, const char *id)
{
	struct command_line line = {.out = out};

	alone_add(&line, run, kernel, id);
}
