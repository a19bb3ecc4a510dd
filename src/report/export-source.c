/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include "report/export.h"
#include "report/export-source.h"

static size_t part_index(const char *name)
{
	size_t i = 0;

	while (export_parts[i].name && strcmp(export_parts[i].name, name) != 0)
		i++;
	return i;
}

bool export_has(const char *prefix, const char *name)
{
	char file[EXPORT_NAME_SIZE];

	snprintf(file, sizeof(file), "%s-%s.c", prefix, name);
	return export_parts[part_index(file)].name;
}

/* What stands for a part in this cell */
static const char *chosen(const struct cell_id *id, const char *name,
			  char buf[EXPORT_NAME_SIZE])
{
	snprintf(buf, EXPORT_NAME_SIZE, "%s", name);
	if (!strcmp(name, "pin.c"))
		snprintf(buf, EXPORT_NAME_SIZE, "pin-%s.c",
			 id->mechanism->name);
	else if (!strcmp(name, "settle.c") && id->filesystem->settle)
		snprintf(buf, EXPORT_NAME_SIZE, "settle-%s.c",
			 id->filesystem->type);
	else if (!strcmp(name, "device.c"))
		snprintf(buf, EXPORT_NAME_SIZE, "%s.c",
			 !id->filesystem->mkfs	     ? "memory"
			 : id->scenario->suspendable ? "mapper"
						     : "plain");
	return buf;
}

/* Sorted, each once */
static int add_include(struct export_source *source, const char *line,
		       size_t len)
{
	size_t at = 0;
	int order = 1;

	while (at < source->include_count) {
		const struct export_include *have = &source->includes[at];
		size_t shorter = have->len < len ? have->len : len;

		order = strncmp(have->line, line, shorter);
		if (order >= 0)
			break;
		at++;
	}
	if (at < source->include_count && !order)
		return 0;
	if (source->include_count == EXPORT_INCLUDES_MAX)
		return -E2BIG;
	memmove(&source->includes[at + 1], &source->includes[at],
		(source->include_count - at) * sizeof(source->includes[0]));
	source->includes[at] = (struct export_include){line, len};
	source->include_count++;
	return 0;
}

/* An include of another part is what this one needs before itself */
static int add_line(struct export_source *source, const char *line, size_t len)
{
	static const char include[] = "#include ";
	char name[EXPORT_NAME_SIZE];

	if (!strncmp(line, "/* SPDX-", strlen("/* SPDX-")))
		return 0;
	if (strncmp(line, include, strlen(include)) != 0) {
		fprintf(source->body, "%.*s", (int)len, line);
		return 0;
	}
	if (line[strlen(include)] == '<')
		return add_include(source, line, len);
	if (sscanf(line, "#include \"%79[^\"]\"", name) != 1)
		return -EINVAL;
	return export_add(source, name);
}

int export_add(struct export_source *source, const char *name)
{
	char file[EXPORT_NAME_SIZE];
	size_t index = part_index(chosen(source->id, name, file));
	const char *line = export_parts[index].text;
	int ret = 0;

	if (!line || index >= EXPORT_PARTS_MAX)
		return -ENOENT;
	if (source->taken[index])
		return 0;
	source->taken[index] = true;
	while (!ret && *line) {
		size_t len = strcspn(line, "\n") + 1;

		ret = add_line(source, line, len);
		line += len;
	}
	return ret;
}
