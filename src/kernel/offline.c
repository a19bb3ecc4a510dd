/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "kernel/config.h"
#include "kernel/offline.h"
#include "kernel/root.h"

/* Never modules: no list of modules can tell whether they are there. */
static const char *const never_modules[] = {
	"CONFIG_DEBUG_FS", "CONFIG_DEVTMPFS", "CONFIG_HUGETLBFS",
	"CONFIG_PROC_FS",  "CONFIG_SYSFS",    "CONFIG_TMPFS",
};

static bool is_config(const char *text)
{
	return !strncmp(text, "CONFIG_", 7) || strstr(text, "\nCONFIG_");
}

int offline_read_config(struct offline *offline, const char *path,
			struct error *error)
{
	cleanup_close int folder = open(".", O_PATH | O_CLOEXEC);
	cleanup_free char *text = NULL;
	int ret = root_read(*path == '/' ? ROOT_REAL : folder, path, &text);

	if (ret < 0)
		return error_set(
			error, ret,
			"%s: give the .config of a build tree, or /boot/config-RELEASE:",
			path);
	if (!is_config(text))
		return error_set(
			error, -EINVAL,
			"%s: no kernel configuration: give the .config of a build tree, or /boot/config-RELEASE",
			path);
	free(offline->config);
	offline->config = take_pointer(text);
	return 0;
}

int offline_read_modules(struct offline *offline, const char *folder,
			 struct error *error)
{
	int ret;

	offline->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (offline->folder < 0)
		return error_set(error, -errno, "%s:", folder);
	ret = root_read(offline->folder, "modules.builtin", &offline->builtin);
	if (ret < 0 && ret != -ENOENT)
		return error_set(error, ret, "%s/modules.builtin:", folder);
	ret = root_read(offline->folder, "modules.dep", &offline->dep);
	if (ret == -ENOENT)
		return error_set(
			error, ret,
			"%s: no module index: run depmod -b on the folder that holds lib/modules",
			folder);
	return ret < 0 ? error_set(error, ret, "%s/modules.dep:", folder) : 0;
}

/* Whether the file @path, @len bytes, is that of module @name */
static bool is_module(const char *path, size_t len, const char *name)
{
	size_t begin = len, at = 0;

	while (begin && path[begin - 1] != '/')
		begin--;
	path += begin;
	len -= begin;
	for (; at < len && name[at]; at++)
		if (path[at] != name[at] &&
		    !(strchr("-_", path[at]) && strchr("-_", name[at])))
			return false;
	return !name[at] && at + 3 <= len && !strncmp(path + at, ".ko", 3);
}

/* A line is `kernel/fs/xfs/xfs.ko`, or in modules.dep the same and `: needs`.
 */
static const char *find_module(const char *list, const char *name)
{
	for (const char *line = list; line && *line;) {
		if (is_module(line, strcspn(line, ":\n"), name))
			return line;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return NULL;
}

/* A distribution may ship some of the files in another package */
static bool files_exist(int folder, const char *line)
{
	while (*line && *line != '\n') {
		size_t len = strcspn(line, ": \n");
		char path[PATH_MAX];
		mode_t mode;

		if (len >= sizeof(path))
			return false;
		memcpy(path, line, len);
		path[len] = '\0';
		if (len && root_mode(folder, path, &mode) < 0)
			return false;
		line += len;
		line += strspn(line, ": ");
	}
	return true;
}

static bool has_module(const struct offline *offline, const char *name)
{
	const char *line = find_module(offline->dep, name);

	return find_module(offline->builtin, name) ||
	       (line && files_exist(offline->folder, line));
}

static bool is_never_module(const char *symbol)
{
	for (size_t i = 0; i < sizeof(never_modules) / sizeof(never_modules[0]);
	     i++)
		if (!strcmp(never_modules[i], symbol))
			return true;
	return false;
}

static int answer_module(const struct offline *offline, const char *name,
			 const char *symbol)
{
	char value;

	if (has_module(offline, name))
		return 1;
	if (!offline->config)
		return is_never_module(symbol) || !offline->dep;
	if (!symbol[0])
		return !offline->dep;
	value = config_value(offline->config, symbol);
	return value == 'y' || (value == 'm' && offline->config_only);
}

/* @as_module: whether a module is of use */
static int answer_symbol(const struct offline *offline, const char *symbol,
			 bool as_module)
{
	char value;

	if (!offline->config || !symbol[0])
		return 1;
	value = config_value(offline->config, symbol);
	return value == 'y' ||
	       (value == 'm' && (as_module || offline->config_only));
}

int offline_answer(void *arg, const char *kind, const char *argument,
		   const char *symbol)
{
	const struct offline *offline = arg;

	if (!strcmp(kind, "module") || !strcmp(kind, "filesystem"))
		return answer_module(offline, argument, symbol);
	if (!strcmp(kind, "config") || !strcmp(kind, "socket") ||
	    !strcmp(kind, "syscall"))
		return answer_symbol(offline, symbol, false);
	/* the module that makes it is an atom of its own */
	if (!strcmp(kind, "device") || !strcmp(kind, "path"))
		return answer_symbol(offline, symbol, true);
	/* the kernel says nothing of its machine */
	if (!strcmp(kind, "root") || !strcmp(kind, "pci") ||
	    !strcmp(kind, "sysctl") || !strcmp(kind, "wants"))
		return 1;
	if (!strcmp(kind, "program") && offline->config_only)
		return 1;
	return -ENOENT;
}

void offline_done(struct offline *offline)
{
	free(offline->config);
	free(offline->builtin);
	free(offline->dep);
	fd_close(offline->folder);
	*offline = OFFLINE_NONE;
}
