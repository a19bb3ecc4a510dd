/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "runner/begin.h"
#include "vm/blob.h"
#include "vm/cache.h"
#include "vm/kernel-build.h"
#include "vm/vmlinux.h"

#define NAME "vmlinux"

static bool is_elf(const struct blob *blob)
{
	return blob->len > SELFMAG && !memcmp(blob->data, ELFMAG, SELFMAG);
}

/* The tree's own, for `TREE/arch/x86/boot/bzImage`; "" for other images */
static void beside_image(const struct arch *arch, const char *image, char *ret)
{
	size_t len = strlen(image), tail = strlen(arch->build_image);

	ret[0] = '\0';
	if (len > tail && image[len - tail - 1] == '/' &&
	    !strcmp(image + len - tail, arch->build_image))
		snprintf(ret, PATH_MAX, "%.*s" NAME, (int)(len - tail), image);
}

/* What was booted, as kernel_open() chooses it */
static int find_image(const struct arch *arch, const char *path, char *ret)
{
	struct stat st;
	int found;

	if (stat(path, &st) < 0)
		return -ENOENT;
	if (!S_ISDIR(st.st_mode)) {
		snprintf(ret, PATH_MAX, "%s", path);
		return 0;
	}
	found = kernel_build_image(arch, path, ret, NULL);
	return found > 0 ? 0 : found < 0 ? found : -ENOENT;
}

static bool is_newer(const char *path, const char *than)
{
	struct stat a, b;

	if (stat(path, &a) < 0 || stat(than, &b) < 0)
		return true;
	return a.st_mtim.tv_sec != b.st_mtim.tv_sec
		       ? a.st_mtim.tv_sec > b.st_mtim.tv_sec
		       : a.st_mtim.tv_nsec > b.st_mtim.tv_nsec;
}

/* @path: what was booted */
static int find(const struct arch *arch, const char *path, const char *image,
		char ret[PATH_MAX])
{
	cleanup_blob struct blob blob = {0};
	char key[BEGIN_IMAGE_SIZE];
	struct stat st;

	if (blob_open(&blob, path) < 0)
		return -ENOENT;
	begin_image(cache_key(CACHE_KEY_BEGIN, blob.data, blob.len), key);
	if (is_elf(&blob))
		snprintf(ret, PATH_MAX, "%s", path);
	else
		beside_image(arch, path, ret);
	if (!ret[0] || stat(ret, &st) < 0)
		return -ENOENT;
	/* the boot image is made of the vmlinux, and last */
	if (strcmp(key, image) != 0 || is_newer(ret, path))
		return -ESTALE;
	return 0;
}

int vmlinux_find(const char *folder, const char *input, const char *image,
		 char ret[PATH_MAX], struct error *error)
{
	const struct arch *arch = arch_host();
	char path[PATH_MAX], file[PATH_MAX];
	bool relative = input[0] != '/' && folder;
	int found;

	if (!arch ||
	    snprintf(path, sizeof(path), "%s%s%s", relative ? folder : "",
		     relative ? "/" : "", input) >= (int)sizeof(path))
		return -ENOENT;
	found = find_image(arch, path, file);
	if (!found)
		found = find(arch, file, image, ret);
	return found == -ESTALE
		       ? error_set(error, found,
				   "%s: was built anew since the run", input)
		       : found;
}
