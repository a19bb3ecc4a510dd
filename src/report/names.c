/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/names.h"

int names_add(struct names *names, const char *name)
{
	size_t at = 0;
	char **list;
	char *copy;

	while (at < names->count && strcmp(names->list[at], name) < 0)
		at++;
	if (at < names->count && !strcmp(names->list[at], name))
		return 0;

	list = reallocarray(names->list, names->count + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	names->list = list;
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	memmove(list + at + 1, list + at, (names->count - at) * sizeof(*list));
	list[at] = copy;
	names->count++;
	return 0;
}

void names_done(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
	*names = (struct names){NULL};
}

void id_split(const char *id, struct id_parts *ret)
{
	const char *filesystem = strchr(id, '/');
	const char *scenario = filesystem ? strchr(filesystem + 1, '/') : NULL;
	const char *variant;

	if (!scenario) {
		snprintf(ret->row, PART_SIZE, "%s", id);
		strcpy(ret->filesystem, "?");
		strcpy(ret->scenario, "?");
		return;
	}
	variant = strchrnul(scenario, '@');
	snprintf(ret->row, PART_SIZE, "%.*s%s", (int)(filesystem - id), id,
		 variant);
	snprintf(ret->filesystem, PART_SIZE, "%.*s",
		 (int)(scenario - filesystem - 1), filesystem + 1);
	snprintf(ret->scenario, PART_SIZE, "%.*s",
		 (int)(variant - scenario - 1), scenario + 1);
}
