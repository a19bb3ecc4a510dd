/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <libkmod.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/root.h"
#include "vm/blob.h"
#include "vm/modules.h"
#include "vm/strip-debug.h"
#include "vm/unpack.h"

/* Deeper chains of modules are a loop. */
#define DEPTH_MAX 32

/**
 * struct modules - owns everything
 * @softdeps: text of modules.softdep; "" without
 */
struct modules {
	struct kmod_ctx *kmod;
	char *softdeps;
};

/**
 * struct order - the files that one module needs, in the order of loading
 * @softdeps: see struct modules
 * @seen: modules met so far, each between two spaces
 * @files: their paths in the guest, one a line
 */
struct order {
	struct kmod_ctx *kmod;
	const char *softdeps;
	FILE *files;
	char *seen;
	struct initramfs *initramfs;
	struct error *error;
};

static void module_unref_p(struct kmod_module **module)
{
	kmod_module_unref(*module);
}

static void list_unref_p(struct kmod_list **list)
{
	kmod_module_unref_list(*list);
}

#define cleanup_module cleanup(module_unref_p)
#define cleanup_list cleanup(list_unref_p)

static int visit(struct order *order, struct kmod_module *module,
		 unsigned int depth);

static int visit_list(struct order *order, const struct kmod_list *list,
		      unsigned int depth)
{
	const struct kmod_list *item;
	int ret = 0;

	kmod_list_foreach(item, list)
	{
		cleanup_module struct kmod_module *module =
			kmod_module_get_module(item);

		if (!ret)
			ret = visit(order, module, depth + 1);
	}
	return ret;
}

/* Visits what @name, a module or an alias, stands for; nothing is no error. */
static int visit_name(struct order *order, const char *name, unsigned int depth)
{
	cleanup_list struct kmod_list *found = NULL;

	if (kmod_module_new_from_lookup(order->kmod, name, &found) < 0)
		return 0;
	return visit_list(order, found, depth);
}

/* `/x/crc32.ko.xz` is `/gupcheck/modules/crc32.ko` in the guest. */
static void guest_path(const char *path, char *ret, size_t size)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	const char *suffix = strstr(base, ".ko");
	int len = suffix ? (int)(suffix - base) + 3 : (int)strlen(base);

	snprintf(ret, size, GUEST_MODULES "/%.*s", len, base);
}

/* Modules that come straight from a build are too large for a small guest. */
static int add_stripped(struct initramfs *initramfs, const char *path,
			const unsigned char *data, size_t len)
{
	cleanup_free unsigned char *stripped = NULL;
	size_t stripped_len;
	int ret = strip_debug(data, len, &stripped, &stripped_len);

	if (ret < 0)
		return ret;
	return ret ? initramfs_add(initramfs, path, 0644, stripped,
				   stripped_len)
		   : initramfs_add(initramfs, path, 0644, data, len);
}

static int add_file(struct order *order, const char *path)
{
	cleanup_blob struct blob blob = {0};
	cleanup_free unsigned char *data = NULL;
	char target[PATH_MAX];
	size_t len;
	int ret;

	guest_path(path, target, sizeof(target));
	fprintf(order->files, "%s\n", target);
	if (initramfs_has(order->initramfs, target))
		return 0;
	ret = blob_open(&blob, path);
	if (!ret)
		ret = unpack_memory(blob.data, blob.len, &data, &len);
	if (!ret)
		ret = add_stripped(order->initramfs, target, data, len);
	return ret < 0 ? error_set(order->error, ret, "%s:", path) : 0;
}

/* Returns true the first time that it is asked about @name. */
static bool first_time(struct order *order, const char *name, int *ret_error)
{
	char *longer;
	char word[PATH_MAX];

	*ret_error = 0;
	snprintf(word, sizeof(word), " %s ", name);
	if (order->seen && strstr(order->seen, word))
		return false;
	if (asprintf(&longer, "%s%s", order->seen ? order->seen : "", word) <
	    0) {
		*ret_error = -ENOMEM;
		return false;
	}
	free(order->seen);
	order->seen = longer;
	return true;
}

/* The rest of a line `softdep NAME pre: A B post: C`: visits one side of it */
static int visit_softdep(struct order *order, const char *words, size_t len,
			 const char *side, unsigned int depth)
{
	cleanup_free char *line = strndup(words, len);
	const char *now = "";
	char *next = line;
	char *word;
	int ret = line ? 0 : -ENOMEM;

	while (!ret && (word = strsep(&next, " \t"))) {
		if (!strcmp(word, "pre:") || !strcmp(word, "post:"))
			now = word;
		else if (*word && !strcmp(now, side))
			ret = visit_name(order, word, depth + 1);
	}
	return ret;
}

/*
 * A module may have many such lines; kmod_module_get_softdeps() knows the first
 * one only.
 */
static int visit_softdeps(struct order *order, const char *name,
			  const char *side, unsigned int depth)
{
	char start[NAME_MAX];
	int len = snprintf(start, sizeof(start), "softdep %s ", name);
	const char *line = order->softdeps;
	int ret = 0;

	while (!ret && *line) {
		size_t line_len = strcspn(line, "\n");

		if (!strncmp(line, start, (size_t)len))
			ret = visit_softdep(order, line + len,
					    line_len - (size_t)len, side,
					    depth);
		line += line_len + (line[line_len] == '\n');
	}
	return ret;
}

static int visit(struct order *order, struct kmod_module *module,
		 unsigned int depth)
{
	cleanup_list struct kmod_list *needs =
		kmod_module_get_dependencies(module);
	const char *name = kmod_module_get_name(module);
	const char *path = kmod_module_get_path(module);
	int ret;

	if (depth > DEPTH_MAX)
		return error_set(order->error, -ELOOP,
				 "%s: modules need each other in a loop", name);
	if (!path || !first_time(order, name, &ret))
		return path ? ret : 0;
	ret = visit_softdeps(order, name, "pre:", depth);
	if (!ret)
		ret = visit_list(order, needs, depth);
	if (!ret)
		ret = add_file(order, path);
	if (!ret)
		ret = visit_softdeps(order, name, "post:", depth);
	return ret;
}

int modules_open(struct modules **ret, const char *folder, struct error *error)
{
	/* the host's own modprobe.d is about the host's kernel */
	const char *config[] = {NULL};
	char softdep[PATH_MAX], index[PATH_MAX];
	struct modules *modules;
	int failed;

	snprintf(softdep, sizeof(softdep), "%s/modules.softdep", folder);
	snprintf(index, sizeof(index), "%s/modules.dep.bin", folder);
	if (access(index, R_OK) < 0)
		return error_set(
			error, -errno,
			"%s: no module index: run depmod -b on the folder that holds lib/modules",
			folder);
	modules = calloc(1, sizeof(*modules));
	if (!modules)
		return -ENOMEM;
	modules->kmod = kmod_new(folder, config);
	failed = root_read(ROOT_REAL, softdep, &modules->softdeps);
	if (failed == -ENOENT)
		modules->softdeps = strdup("");
	if (!modules->kmod || !modules->softdeps) {
		modules_close(modules);
		return error_set(error, failed < 0 ? failed : -ENOMEM,
				 "%s:", softdep);
	}
	*ret = modules;
	return 0;
}

static int write_order(struct modules *modules, const char *name,
		       struct initramfs *initramfs, struct order *order)
{
	cleanup_free char *text = NULL;
	char path[PATH_MAX];
	size_t len = 0;
	int ret;

	order->files = open_memstream(&text, &len);
	if (!order->files)
		return -ENOMEM;
	ret = visit_name(order, name, 0);
	if (fclose(order->files))
		ret = -ENOMEM;
	if (ret < 0 || !len)
		return ret;
	snprintf(path, sizeof(path), GUEST_MODULES "/%s.order", name);
	return initramfs_add(initramfs, path, 0644, text, len);
}

int modules_add(struct modules *modules, const char *name,
		struct initramfs *initramfs, struct error *error)
{
	struct order order = {
		.kmod = modules->kmod,
		.softdeps = modules->softdeps,
		.initramfs = initramfs,
		.error = error,
	};
	int ret = write_order(modules, name, initramfs, &order);

	free(order.seen);
	return ret < 0 ? error_set(error, ret, "module %s:", name) : 0;
}

void modules_close(struct modules *modules)
{
	if (!modules)
		return;
	kmod_unref(modules->kmod);
	free(modules->softdeps);
	free(modules);
}
