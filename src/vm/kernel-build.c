/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/root.h"
#include "vm/boot-image.h"
#include "vm/build-modules.h"
#include "vm/cache.h"
#include "vm/kernel-build.h"

#define RELEASE_FILE "include/config/kernel.release"

static int place(char ret[PATH_MAX], const char *folder, const char *name)
{
	return snprintf(ret, PATH_MAX, "%s/%s", folder, name) < PATH_MAX
		       ? 0
		       : -ENAMETOOLONG;
}

static int read_release(const char *folder, char ret[IMAGE_RELEASE_SIZE])
{
	char path[PATH_MAX];
	int result = place(path, folder, RELEASE_FILE);

	if (!result)
		result = root_read_line(ROOT_REAL, path, ret,
					IMAGE_RELEASE_SIZE);
	if (!result && (!ret[0] || strchr(ret, '/')))
		result = -EBADMSG;
	return result;
}

bool kernel_build_is(const char *folder)
{
	char path[PATH_MAX];

	return !place(path, folder, RELEASE_FILE) && !access(path, F_OK);
}

static bool is_newer(const struct stat *a, const struct stat *b)
{
	if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
		return a->st_mtim.tv_sec > b->st_mtim.tv_sec;
	return a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

static bool can_start(const struct arch *arch, const char *elf)
{
	cleanup_blob struct blob blob = {0};

	return arch->direct_elf && !blob_open(&blob, elf) &&
	       elf_has_pvh(arch, &blob);
}

int kernel_build_image(const struct arch *arch, const char *folder,
		       char ret[PATH_MAX], struct error *error)
{
	char image[PATH_MAX], elf[PATH_MAX];
	struct stat image_st, elf_st;
	bool has_image, has_elf;

	if (place(image, folder, arch->build_image) < 0 ||
	    place(elf, folder, "vmlinux") < 0)
		return 0;
	has_image = !stat(image, &image_st);
	has_elf = !stat(elf, &elf_st);
	/* the boot image is made of the other one, and comes after it */
	if (has_image && has_elf && is_newer(&elf_st, &image_st)) {
		if (!can_start(arch, elf))
			return error_set(
				error, -ESTALE,
				"%s: vmlinux is newer than %s, and cannot be started itself: make the boot image, too, or build with CONFIG_PVH",
				folder, arch->build_image);
		has_image = false;
	}
	strcpy(ret, has_image ? image : elf);
	return has_image || has_elf;
}

/* How many symbols the configuration of a build makes a module */
static size_t count_configured(const char *folder)
{
	cleanup_free char *text = NULL;
	char path[PATH_MAX];
	size_t count = 0;

	if (place(path, folder, ".config") < 0 ||
	    root_read(ROOT_REAL, path, &text) < 0)
		return 0;
	for (const char *at = text; (at = strstr(at, "=m\n")); at++)
		count++;
	return count;
}

/* @folder: as the user calls it */
static void take_note(const char *folder, const struct build_modules *modules,
		      struct error *note)
{
	size_t configured =
		modules->count ? 0 : count_configured(modules->folder);

	if (modules->count && modules->missing)
		error_set(
			note, 0,
			"%s: %zu of its %zu modules were not built: run make modules there; cells that need one are skipped",
			folder, modules->missing,
			modules->count + modules->missing);
	else if (configured)
		error_set(
			note, 0,
			"%s: %zu parts are configured as modules, and none was built: run make modules there; cells that need one are skipped",
			folder, configured);
}

/* The cache's folder for one build; @folder: its real path */
static int build_folder(const char *folder, char ret[PATH_MAX],
			struct error *error)
{
	uint64_t key = cache_key(CACHE_KEY_BEGIN, folder, strlen(folder));
	char name[64];

	snprintf(name, sizeof(name), "builds/%016" PRIx64, key);
	return cache_folder(name, ret, error);
}

int kernel_build_modules(const char *folder, char ret[PATH_MAX],
			 struct error *note, struct error *error)
{
	cleanup_free char *real = realpath(folder, NULL);
	struct build_modules modules;
	char release[IMAGE_RELEASE_SIZE], cache[PATH_MAX];
	int result = real ? read_release(real, release) : -errno;

	ret[0] = '\0';
	/* a kernel may be all that somebody kept of the folder */
	if (result == -ENOENT)
		return 0;
	if (result < 0)
		return error_set(error, result, "%s/" RELEASE_FILE ":", folder);
	result = build_modules_look(real, release, &modules);
	if (!result) {
		take_note(folder, &modules, note);
		if (modules.count)
			result = build_folder(real, cache, error);
		if (!result && modules.count)
			result = build_modules_lay_out(&modules, cache, ret,
						       error);
		build_modules_done(&modules);
	}
	return result < 0 ? error_set(error, result, "%s:", folder) : 0;
}
