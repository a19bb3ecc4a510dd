/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "media/command.h"
#include "vm/boot-image.h"
#include "vm/cache.h"
#include "vm/kernel-build.h"
#include "vm/kernel-tree.h"
#include "vm/unpack.h"

/* The only match of a pattern below @folder: 1, 0, or -ENOTUNIQ. */
static int find_one(const char *folder, const char *pattern, char ret[PATH_MAX])
{
	char whole[PATH_MAX];
	glob_t found;
	int count = 0;

	if (snprintf(whole, sizeof(whole), "%s/%s", folder, pattern) >=
	    (int)sizeof(whole))
		return 0;
	if (!glob(whole, 0, NULL, &found)) {
		count = found.gl_pathc == 1 ? 1 : -ENOTUNIQ;
		snprintf(ret, PATH_MAX, "%s", found.gl_pathv[0]);
	}
	globfree(&found);
	return count;
}

/*
 * 7.x packages keep the image beside the modules. In a build tree it is another
 * matter which kernel is meant: it goes first.
 */
static int find_image(const struct arch *arch, const char *folder,
		      char ret[PATH_MAX], struct error *error)
{
	static const char *const patterns[] = {
		"boot/vmlinuz-*",
		"lib/modules/*/vmlinuz",
		"usr/lib/modules/*/vmlinuz",
		"vmlinuz-*",
		"vmlinuz",
	};
	int found = kernel_build_is(folder)
			    ? kernel_build_image(arch, folder, ret, error)
			    : 0;

	for (size_t i = 0; !found && i < sizeof(patterns) / sizeof(patterns[0]);
	     i++)
		found = find_one(folder, patterns[i], ret);
	return found ? found : kernel_build_image(arch, folder, ret, error);
}

static bool holds(const char *folder, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return !access(path, F_OK);
}

/*
 * A build tree, too, has a folder kernel and a list of what is built in; one
 * that is apart from its source has no Kconfig, but a Makefile.
 */
static bool is_modules_folder(const char *folder)
{
	return holds(folder, "kernel") && holds(folder, "modules.builtin") &&
	       !holds(folder, "Kconfig") && !holds(folder, "Makefile");
}

int kernel_modules_find(const char *folder, const char *release,
			char ret[PATH_MAX])
{
	static const char *const parents[] = {"lib/modules", "usr/lib/modules"};
	char path[PATH_MAX];

	if (is_modules_folder(folder)) {
		snprintf(ret, PATH_MAX, "%s", folder);
		return 0;
	}
	for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", parents[i],
			 release[0] ? release : "*");
		if (find_one(folder, path, ret) == 1)
			return 0;
	}
	return -ENOENT;
}

int kernel_tree_find(const struct arch *arch, const char *folder,
		     struct kernel_files *ret, struct error *error)
{
	struct kernel_files files = {0};
	int found = find_image(arch, folder, files.image, error);

	if (found < 0)
		return error_set(
			error, found,
			"%s: holds several kernels: name one image and its --modules",
			folder);
	if (!found)
		return error_set(
			error, -ENOENT,
			"%s: no kernel in this folder: give an unpacked package or a built kernel tree",
			folder);
	/* where one was built, modules lie about that are not of this build */
	if (!kernel_build_is(folder))
		kernel_modules_find(folder, "", files.modules);
	*ret = files;
	return 0;
}

/* The key of a list of packages: that of their content, in this order. */
static int list_key(char *list, uint64_t *ret, struct error *error)
{
	char *rest = list, *path;

	*ret = CACHE_KEY_BEGIN;
	while ((path = strsep(&rest, ","))) {
		cleanup_blob struct blob blob = {0};
		int result = blob_open(&blob, path);

		if (result < 0)
			return error_set(error, result, "%s:", path);
		*ret = cache_key(*ret, blob.data, blob.len);
	}
	return 0;
}

static int unpack_list(const char *list, const char *folder,
		       struct error *error)
{
	cleanup_free char *copy = strdup(list);
	char *rest = copy, *path;

	if (!copy)
		return -ENOMEM;
	while ((path = strsep(&rest, ","))) {
		int ret = unpack_deb(path, folder, error);

		if (ret < 0)
			return ret;
	}
	return 0;
}

/* depmod wants ROOT/lib/modules, which some packages spell ROOT/usr/lib. */
static int index_modules(const char *folder, struct error *error)
{
	char modules[PATH_MAX], lib[PATH_MAX + 8], release[PATH_MAX];
	const char *argv[] = {"depmod", "-b", folder, NULL};

	if (kernel_modules_find(folder, "", modules) < 0)
		return 0;
	snprintf(lib, sizeof(lib), "%s/lib", folder);
	if (symlink("usr/lib", lib) < 0 && errno != EEXIST)
		return error_set(error, -errno, "%s:", lib);
	snprintf(release, sizeof(release), "%s", modules);
	return command_run(argv, basename(release), error);
}

/* Fills a folder of another name first, so that a whole one is a whole one. */
static int unpack_new(const struct arch *arch, const char *list,
		      const char *target, struct error *error)
{
	char folder[PATH_MAX], image[PATH_MAX];
	int ret;

	if (snprintf(folder, sizeof(folder), "%s.XXXXXX", target) >=
		    (int)sizeof(folder) ||
	    !mkdtemp(folder))
		return error_set(error, -errno, "%s:", target);
	ret = unpack_list(list, folder, error);
	if (ret >= 0 && find_image(arch, folder, image, error) != 1)
		ret = error_set(
			error, -ENOENT,
			"%s: not one kernel image in there: give linux-image and its parts, joined by commas",
			list);
	if (ret >= 0)
		ret = index_modules(folder, error);
	if (!ret && rename(folder, target) < 0 && errno != ENOTEMPTY &&
	    errno != EEXIST)
		ret = error_set(error, -errno, "%s:", target);
	cache_remove(folder);
	return ret;
}

int kernel_debs_unpack(const struct arch *arch, const char *list,
		       char ret_folder[PATH_MAX], struct error *error)
{
	cleanup_free char *copy = strdup(list);
	char folder[PATH_MAX];
	uint64_t key;
	int ret;

	if (!copy)
		return -ENOMEM;
	ret = list_key(copy, &key, error);
	if (!ret)
		ret = cache_folder("packages", folder, error);
	if (ret < 0)
		return ret;
	if (snprintf(ret_folder, PATH_MAX, "%s/%016" PRIx64, folder, key) >=
	    PATH_MAX)
		return error_set(error, -ENAMETOOLONG, "%s:", folder);
	return access(ret_folder, F_OK)
		       ? unpack_new(arch, list, ret_folder, error)
		       : 0;
}
