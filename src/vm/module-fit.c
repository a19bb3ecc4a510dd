/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/root.h"
#include "vm/blob.h"
#include "vm/module-fit.h"
#include "vm/unpack.h"

#define MARK "vermagic="
#define VERMAGIC_SIZE 256

/* The first module of modules.dep that is there */
static bool find_module(const char *folder, char ret[PATH_MAX])
{
	cleanup_free char *dep = NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/modules.dep", folder);
	if (root_read(ROOT_REAL, path, &dep) < 0)
		return false;
	for (const char *line = dep; *line;) {
		int len = (int)strcspn(line, ":\n");

		if (snprintf(ret, PATH_MAX, "%s/%.*s", folder, len, line) <
			    PATH_MAX &&
		    !access(ret, R_OK))
			return true;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return false;
}

/*
 * Copies a vermagic: words of letters, digits and what a release may hold, up
 * to a NUL. The blank that it ends with is left out.
 */
static bool copy_vermagic(const unsigned char *text, size_t room,
			  char ret[VERMAGIC_SIZE])
{
	size_t len = strnlen((const char *)text, room);

	if (len == room || len >= VERMAGIC_SIZE || !len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isgraph(text[i]) && text[i] != ' ')
			return false;
	while (len && text[len - 1] == ' ')
		len--;
	memcpy(ret, text, len);
	ret[len] = '\0';
	return strchr(ret, ' ') != NULL;
}

static bool read_vermagic(const char *path, char ret[VERMAGIC_SIZE])
{
	cleanup_blob struct blob blob = {0};
	cleanup_free unsigned char *data = NULL;
	const unsigned char *at;
	size_t len;

	if (blob_open(&blob, path) < 0 ||
	    unpack_memory(blob.data, blob.len, &data, &len) < 0)
		return false;
	at = memmem(data, len, MARK, strlen(MARK));
	if (!at)
		return false;
	at += strlen(MARK);
	return copy_vermagic(at, len - (size_t)(at - data), ret);
}

/*
 * What the kernel takes, by its @release. The line that it prints first begins
 * with its release, too, but goes on with a parenthesis. Returns 1 when @wanted
 * is in there, 0 when only another is, which @ret receives; -1 when none is.
 */
static int compare_kernel(const struct blob *kernel, const char *release,
			  const char *wanted, char ret[VERMAGIC_SIZE])
{
	const unsigned char *at = kernel->data;
	const unsigned char *end = at + kernel->len;
	size_t len = strlen(release);
	char found[VERMAGIC_SIZE];
	int result = -1;

	while (at < end &&
	       (at = memmem(at, (size_t)(end - at), release, len))) {
		const unsigned char *rest = at + len;

		if (end - rest > 1 && rest[0] == ' ' && isalpha(rest[1]) &&
		    copy_vermagic(at, (size_t)(end - at), found)) {
			if (!strcmp(found, wanted))
				return 1;
			strcpy(ret, found);
			result = 0;
		}
		at = rest;
	}
	return result;
}

static int check_options(const char *input, const struct boot_image *image,
			 const char *release, const char *vermagic,
			 struct error *error)
{
	cleanup_blob struct blob kernel = {0};
	char taken[VERMAGIC_SIZE];

	if (!image->elf || blob_open(&kernel, image->elf) < 0 ||
	    compare_kernel(&kernel, release, vermagic, taken))
		return 0;
	return error_set(
		error, -ENOEXEC,
		"%s: its modules were built for another kernel of that name: for '%s', and this is '%s': give the --modules that belong to it",
		input, vermagic, taken);
}

int module_fit_check(const char *input, const char *folder,
		     const struct boot_image *image, struct error *error)
{
	const char *slash = strrchr(folder, '/');
	const char *release = slash ? slash + 1 : folder;
	char path[PATH_MAX], vermagic[VERMAGIC_SIZE];
	size_t len;

	if (!find_module(folder, path) || !read_vermagic(path, vermagic))
		return 0;
	len = strcspn(vermagic, " ");
	if (strlen(release) != len || strncmp(vermagic, release, len) != 0)
		return error_set(
			error, -ENOEXEC,
			"%s: is %s, but the modules in %s were built for %.*s: give the --modules that belong to it",
			input, release, folder, (int)len, vermagic);
	return check_options(input, image, release, vermagic, error);
}
