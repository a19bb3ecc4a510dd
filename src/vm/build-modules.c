/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/root.h"
#include "media/command.h"
#include "vm/build-modules.h"
#include "vm/cache.h"

#define SUBTREE "kernel/"
#define KEY_LEN 16
/* What a killed process has begun and nobody goes on with; seconds */
#define ABANDONED_S 3600

/* Files of a build, beside the modules, that tell what there is */
static const char *const lists[] = {"modules.order", "modules.builtin",
				    "modules.builtin.modinfo"};

static bool stays_below(const char *path)
{
	return path[0] && path[0] != '/' && !strstr(path, "..");
}

/*
 * A line of modules.order is `fs/ext4/ext4.o` since Linux 6.3; before it was
 * `fs/ext4/ext4.ko`, or `kernel/fs/ext4/ext4.ko`. Returns 1 and where the
 * module lies in the build, 0 when it does not, and -1 for no module at all.
 */
static int resolve(const char *folder, const char *line, char ret[PATH_MAX],
		   struct stat *st)
{
	const char *names[] = {line, line};
	size_t len = strlen(line);
	char path[PATH_MAX];

	if (len < 4 || !stays_below(line))
		return -1;
	if (!strcmp(line + len - 2, ".o"))
		len -= 2;
	else if (!strcmp(line + len - 3, ".ko"))
		len -= 3;
	else
		return -1;
	if (!strncmp(line, SUBTREE, strlen(SUBTREE)))
		names[1] += strlen(SUBTREE);
	for (size_t i = 0; i < 2; i++) {
		int stem = (int)(len - (size_t)(names[i] - line));

		snprintf(ret, PATH_MAX, "%.*s.ko", stem, names[i]);
		if (snprintf(path, sizeof(path), "%s/%s", folder, ret) <
			    (int)sizeof(path) &&
		    !stat(path, st) && S_ISREG(st->st_mode))
			return 1;
	}
	return 0;
}

/* Calls @visit for every module that is there; returns how many are not */
static int each_module(const struct build_modules *modules,
		       int (*visit)(void *arg, const char *path,
				    const struct stat *st),
		       void *arg, size_t *ret_missing)
{
	cleanup_free char *copy = strdup(modules->order);
	char *saved = NULL, path[PATH_MAX];
	int ret = copy ? 0 : -ENOMEM;

	*ret_missing = 0;
	for (char *line = copy ? strtok_r(copy, "\n", &saved) : NULL;
	     line && !ret; line = strtok_r(NULL, "\n", &saved)) {
		struct stat st;
		int found = resolve(modules->folder, line, path, &st);

		*ret_missing += !found;
		if (found > 0)
			ret = visit(arg, path, &st);
	}
	return ret;
}

static uint64_t key_of_file(uint64_t key, const char *path,
			    const struct stat *st)
{
	int64_t facts[] = {st->st_size, st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
			   (int64_t)st->st_ino};

	key = cache_key(key, path, strlen(path) + 1);
	return cache_key(key, facts, sizeof(facts));
}

static int count_module(void *arg, const char *path, const struct stat *st)
{
	struct build_modules *modules = arg;

	modules->count++;
	modules->key = key_of_file(modules->key, path, st);
	return 0;
}

/* A build without modules has no list of them, or an empty one. */
static int read_order(const char *folder, char **ret)
{
	char path[PATH_MAX];
	int result;

	snprintf(path, sizeof(path), "%s/%s", folder, lists[0]);
	result = root_read(ROOT_REAL, path, ret);
	if (result != -ENOENT)
		return result;
	*ret = strdup("");
	return *ret ? 0 : -ENOMEM;
}

int build_modules_look(const char *folder, const char *release,
		       struct build_modules *ret)
{
	struct build_modules modules = {
		.folder = folder,
		.release = release,
		.key = cache_key(CACHE_KEY_BEGIN, release, strlen(release)),
	};
	cleanup_free char *order = NULL;
	char path[PATH_MAX];
	struct stat st;
	int result;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (snprintf(path, sizeof(path), "%s/%s", folder, lists[i]) >=
		    (int)sizeof(path))
			return -ENAMETOOLONG;
		if (!stat(path, &st))
			modules.key = key_of_file(modules.key, lists[i], &st);
	}
	result = read_order(folder, &order);
	modules.order = order;
	if (!result)
		result = each_module(&modules, count_module, &modules,
				     &modules.missing);
	if (result < 0)
		return result;
	modules.order = take_pointer(order);
	*ret = modules;
	return 0;
}

/** struct layout - a modules folder that is being filled */
struct layout {
	const struct build_modules *modules;
	const char *target;
};

static int make_folders_above(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

/* Links @below of the new folder to @path of the build. */
static int link_to(const struct layout *layout, const char *below,
		   const char *path)
{
	char source[PATH_MAX], target[PATH_MAX];
	int ret;

	if (snprintf(source, sizeof(source), "%s/%s", layout->modules->folder,
		     path) >= (int)sizeof(source) ||
	    snprintf(target, sizeof(target), "%s/%s%s", layout->target, below,
		     path) >= (int)sizeof(target))
		return -ENAMETOOLONG;
	ret = make_folders_above(target);
	/* a module may be listed twice */
	return !ret && symlink(source, target) < 0 && errno != EEXIST ? -errno
								      : ret;
}

static int link_module(void *arg, const char *path, const struct stat *st)
{
	return link_to(arg, SUBTREE, path);
}

static int link_all(const struct build_modules *modules, const char *target)
{
	struct layout layout = {.modules = modules, .target = target};
	size_t missing;
	int ret = each_module(modules, link_module, &layout, &missing);

	for (size_t i = 0; !ret && i < sizeof(lists) / sizeof(lists[0]); i++)
		ret = link_to(&layout, "", lists[i]);
	return ret;
}

static int fill(const struct build_modules *modules, const char *root,
		struct error *error)
{
	const char *argv[] = {"depmod", "-b", root, NULL};
	char target[PATH_MAX];
	int ret;

	if (snprintf(target, sizeof(target), "%s/lib/modules/%s", root,
		     modules->release) >= (int)sizeof(target))
		return -ENAMETOOLONG;
	ret = link_all(modules, target);
	return ret < 0 ? error_set(error, ret, "%s:", target)
		       : command_run(argv, modules->release, error);
}

/* What belongs to an earlier state of the build, or was never finished */
static void remove_others(const char *cache, const char *name)
{
	DIR *folder = opendir(cache);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char path[PATH_MAX];
		struct stat st;

		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, name) ||
		    snprintf(path, sizeof(path), "%s/%s", cache,
			     entry->d_name) >= (int)sizeof(path) ||
		    stat(path, &st) < 0)
			continue;
		if (strlen(entry->d_name) == KEY_LEN ||
		    st.st_mtime + ABANDONED_S < time(NULL))
			cache_remove(path);
	}
	if (folder)
		closedir(folder);
}

/* Fills a folder of another name first, so that a whole one is a whole one. */
static int make(const struct build_modules *modules, const char *whole,
		struct error *error)
{
	char root[PATH_MAX];
	int ret;

	if (snprintf(root, sizeof(root), "%s.XXXXXX", whole) >=
		    (int)sizeof(root) ||
	    !mkdtemp(root))
		return error_set(error, -errno, "%s:", whole);
	ret = fill(modules, root, error);
	if (!ret && rename(root, whole) < 0 && errno != ENOTEMPTY &&
	    errno != EEXIST)
		ret = error_set(error, -errno, "%s:", whole);
	cache_remove(root);
	return ret;
}

int build_modules_lay_out(const struct build_modules *modules,
			  const char *cache, char ret[PATH_MAX],
			  struct error *error)
{
	char name[KEY_LEN + 1], whole[PATH_MAX];
	int result = 0;

	snprintf(name, sizeof(name), "%016" PRIx64, modules->key);
	if (snprintf(whole, sizeof(whole), "%s/%s", cache, name) >=
		    (int)sizeof(whole) ||
	    snprintf(ret, PATH_MAX, "%s/lib/modules/%s", whole,
		     modules->release) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (access(whole, F_OK) < 0) {
		result = make(modules, whole, error);
		if (!result)
			remove_others(cache, name);
	}
	if (result < 0)
		ret[0] = '\0';
	return result;
}

void build_modules_done(struct build_modules *modules)
{
	free(modules->order);
	modules->order = NULL;
}
