/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/alone.h"
#include "report/bundle.h"
#include "report/command-line.h"
#include "report/print.h"

const struct name_style bundle_style = {
	.slash = '-',
	.at = '@',
	.again = '~',
	.before_kernel = "+",
	.behind_kernel = "",
	.release = ".+~",
};

bool bundle_wants(const struct result_entry *entry)
{
	if (!entry->record)
		return false;
	switch (entry->result) {
	case RESULT_FAIL:
	case RESULT_BROKEN:
	case RESULT_HUNG:
	case RESULT_VANISHED:
		return true;
	case RESULT_PASS:
	case RESULT_FIXED:
	case RESULT_KNOWN:
	case RESULT_SKIP:
	case RESULT_NOT_RUN:
	case RESULT_COUNT:
	case RESULT_UNTRUSTED:
		break;
	}
	return false;
}

void bundle_kernel(FILE *out, const struct run_kernel *kernel)
{
	const struct {
		const char *key, *value;
	} lines[] = {
		{"release", kernel->release},
		{"machine", kernel->machine},
		{"accelerator", kernel->accelerator},
		{"boot", kernel->boot},
		{"input", kernel->input},
		{"image", kernel->image},
		{"config", kernel->config},
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		fprintf(out, "%s: ", lines[i].key);
		print_line(out, lines[i].value ? lines[i].value : "not known");
		fputc('\n', out);
	}
}

void bundle_command(FILE *out, const struct run *run,
		    const struct result_entry *entry)
{
	const char *command =
		json_string_value(json_object_get(run->command, "command"));
	struct command_line line = {.out = out};
	const json_t *argument;
	size_t i;

	fputs("alone: ", out);
	alone_put(out, run, entry->kernel, entry->record->id);
	fputs("\nrun:   ", out);
	command_line_add(&line, "gupcheck");
	if (command)
		command_line_add(&line, command);
	json_array_foreach(json_object_get(run->command, "arguments"), i,
			   argument) if (json_is_string(argument))
		command_line_add(&line, json_string_value(argument));
	fputc('\n', out);
}

void bundle_log(FILE *out, const struct record *record)
{
	for (size_t i = 0; i < record->log_count; i++) {
		print_line(out, record->log[i]);
		fputc('\n', out);
	}
}
