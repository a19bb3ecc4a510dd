/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "media/image-pack.h"
#include "plan/plan.h"
#include "report/alone.h"
#include "report/bundle.h"
#include "report/command-line.h"
#include "report/print.h"
#include "runner/image-store.h"

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

/* What looks at an image and changes nothing: @name has no suffix */
static void put_look(FILE *out, const struct filesystem *filesystem,
		     const char *name)
{
	for (const char *const *word = filesystem->check; word && *word; word++)
		fprintf(out, "%s ", *word);
	if (filesystem->check) {
		print_line(out, name);
		fputs(".img\n", out);
	}
	fprintf(out, "mount -t %s -o ro,loop ", filesystem->type);
	print_line(out, name);
	fputs(".img /mnt\n", out);
}

void bundle_image(FILE *out, const struct record *record)
{
	const struct record_image *image = &record->image;
	const char *file = image->file ? image_name_last(image->file) : "";
	size_t len = strlen(file), end = strlen(IMAGE_SUFFIX);
	char name[IMAGE_NAME_SIZE];
	struct error ignored = {""};
	struct cell_id id;

	if (image->note) {
		print_line(out, image->note);
		fputc('\n', out);
	}
	if (len <= end || strcmp(file + len - end, IMAGE_SUFFIX) != 0)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)(len - end), file);
	fputs("zstd -d ", out);
	print_line(out, file);
	fputc('\n', out);
	if (!cell_id_parse(record->id, &id, &ignored) && id.filesystem->type)
		put_look(out, id.filesystem, name);
	fputs("\nThe pinned file is pinned, a second one is other.\n", out);
	if (!image->unmounted)
		fputs("The image was taken while the filesystem may have been mounted: to mount it\n"
		      "replays its log, which takes a copy that can be written to, without ro.\n",
		      out);
}

void bundle_log(FILE *out, const struct record *record)
{
	for (size_t i = 0; i < record->log_count; i++) {
		print_line(out, record->log[i]);
		fputc('\n', out);
	}
}
