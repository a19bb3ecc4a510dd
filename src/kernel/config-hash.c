/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/config-hash.h"
#include "kernel/config.h"

#define PREFIX "CONFIG_"

/* The lines of @text that set something; @text is cut into lines */
static size_t find_lines(char *text, char **lines)
{
	size_t count = 0;
	char *line;

	while ((line = strsep(&text, "\n")))
		if (!strncmp(line, PREFIX, strlen(PREFIX)))
			lines[count++] = line;
	return count;
}

static size_t count_lines(const char *text)
{
	size_t count = 1;

	while ((text = strchr(text, '\n'))) {
		count++;
		text++;
	}
	return count;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int config_hash(const char *text, char ret[CONFIG_HASH_SIZE])
{
	cleanup_free char *copy = strdup(text);
	cleanup_free char **lines = calloc(count_lines(text), sizeof(*lines));
	struct sha256 hash;
	size_t count;

	ret[0] = '\0';
	if (!copy || !lines)
		return -ENOMEM;
	count = find_lines(copy, lines);
	if (!count)
		return -ENODATA;
	qsort(lines, count, sizeof(*lines), compare);
	sha256_begin(&hash);
	for (size_t i = 0; i < count; i++) {
		sha256_add(&hash, lines[i], strlen(lines[i]));
		sha256_add(&hash, "\n", 1);
	}
	sha256_end(&hash, ret);
	return 0;
}

int config_hash_running(int root, char ret[CONFIG_HASH_SIZE])
{
	cleanup_free char *text = NULL;
	char path[PATH_MAX];
	int failed = config_read(root, &text, path, sizeof(path));

	ret[0] = '\0';
	return failed < 0 ? failed : config_hash(text, ret);
}
