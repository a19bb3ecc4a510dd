/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "kernel/module.h"
#include "kernel/root.h"

#define GUEST_FOLDER "/gupcheck/modules"
#define PLAN_SIZE 16384
#define INIT_COMPRESSED_FILE 4 /* MODULE_INIT_COMPRESSED_FILE, Linux 5.17 */

/*
 * What this process loaded, oldest first. The callers of module_load() and of
 * modules_unload() are too far apart to hand an object along.
 */
static struct {
	char **names;
	size_t count;
} loaded;

static const struct module_watch *watcher;

void modules_watch(const struct module_watch *watch)
{
	watcher = watch;
}

/* The kernel shows underscores; people and files write both. */
static void normalise(const char *name, char ret[NAME_MAX])
{
	snprintf(ret, NAME_MAX, "%.*s", NAME_MAX - 1, name);
	for (char *dash = ret; (dash = strchr(dash, '-'));)
		*dash = '_';
}

/* A line is `kernel/drivers/net/veth.ko`. */
static bool listed(const char *builtin, const char *name)
{
	for (const char *line = builtin; *line;) {
		size_t len = strcspn(line, "\n");
		char path[PATH_MAX], found[NAME_MAX];
		char *base;

		snprintf(path, sizeof(path), "%.*s", (int)len, line);
		base = strrchr(path, '/');
		base = base ? base + 1 : path;
		base[strcspn(base, ".")] = '\0';
		normalise(base, found);
		if (*found && !strcmp(found, name))
			return true;
		line += len + (line[len] == '\n');
	}
	return false;
}

bool module_present_at(int root, const char *name)
{
	cleanup_free char *builtin = NULL;
	char wanted[NAME_MAX], release[128], path[PATH_MAX];
	mode_t mode;

	normalise(name, wanted);
	snprintf(path, sizeof(path), "/sys/module/%s", wanted);
	if (root_mode(root, path, &mode) == 0)
		return true;
	if (root_read_line(root, "/proc/sys/kernel/osrelease", release,
			   sizeof(release)) < 0)
		return false;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.builtin",
		 release);
	return root_read(root, path, &builtin) == 0 && listed(builtin, wanted);
}

bool module_present(const char *name)
{
	return module_present_at(ROOT_REAL, name);
}

static bool guest_folder(void)
{
	mode_t mode;

	return root_mode(ROOT_REAL, GUEST_FOLDER, &mode) == 0 && S_ISDIR(mode);
}

static bool ends_with(const char *text, const char *end)
{
	size_t text_len = strlen(text), end_len = strlen(end);

	return text_len >= end_len && !strcmp(text + text_len - end_len, end);
}

static int insert(const char *file)
{
	cleanup_close int folder = open(GUEST_FOLDER, O_PATH | O_CLOEXEC);
	cleanup_close int fd = openat(folder, file, O_RDONLY | O_CLOEXEC);
	int flags = ends_with(file, ".ko") ? 0 : INIT_COMPRESSED_FILE;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, "", flags) < 0 && errno != EEXIST)
		return -errno;
	return 0;
}

/*
 * What fails may be an accelerator that this processor cannot use: go on. What
 * else failed is worth more to know.
 */
static int insert_in_order(char *order)
{
	char *saved = NULL;
	int first = 0;

	for (char *line = strtok_r(order, "\n", &saved); line;
	     line = strtok_r(NULL, "\n", &saved)) {
		int ret = insert(line);

		if (ret < 0 && (!first || first == -ENODEV))
			first = ret;
	}
	return first;
}

static int load_in_guest(const char *name)
{
	cleanup_free char *order = NULL;
	char path[PATH_MAX], underscored[NAME_MAX];
	int ret;

	normalise(name, underscored);
	snprintf(path, sizeof(path), GUEST_FOLDER "/%s.order", name);
	ret = root_read(ROOT_REAL, path, &order);
	if (ret == -ENOENT) {
		snprintf(path, sizeof(path), GUEST_FOLDER "/%s.order",
			 underscored);
		ret = root_read(ROOT_REAL, path, &order);
	}
	return ret < 0 ? ret : insert_in_order(order);
}

/* @options: one word, e.g. `-q`; @output: takes the standard output, or -1 */
static int run_modprobe(const char *options, const char *name, int output)
{
	static const char *const programs[] = {"/sbin/modprobe",
					       "/usr/sbin/modprobe"};
	char *const argv[] = {(char *)"modprobe", (char *)options, (char *)"--",
			      (char *)name, NULL};
	char *const environment[] = {
		(char *)"PATH=/sbin:/usr/sbin:/bin:/usr/bin", NULL};
	posix_spawn_file_actions_t actions;
	int status;
	pid_t pid;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return -error;
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (output >= 0)
		posix_spawn_file_actions_adddup2(&actions, output, 1);
	error = ENOENT;
	for (size_t i = 0; i < 2 && error == ENOENT; i++)
		error = posix_spawn(&pid, programs[i], &actions, NULL, argv,
				    environment);
	posix_spawn_file_actions_destroy(&actions);
	if (error)
		return -error;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ENOENT;
}

static bool in_list(const char *modules, const char *name, size_t len)
{
	for (const char *line = modules; *line;) {
		if (!strncmp(line, name, len) && line[len] == ' ')
			return true;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return false;
}

static int remember(const char *name, size_t len)
{
	size_t size = (loaded.count + 1) * sizeof(*loaded.names);
	char **names = realloc(loaded.names, size);

	if (!names)
		return -ENOMEM;
	loaded.names = names;
	names[loaded.count] = strndup(name, len);
	if (!names[loaded.count])
		return -ENOMEM;
	loaded.count++;
	return 0;
}

/* What modprobe would do, a line each; -errno when it cannot do it */
static int read_plan(const char *name, char plan[PLAN_SIZE])
{
	cleanup_close int output = memfd_create("modprobe", MFD_CLOEXEC);
	int ret = output < 0 ? -errno : run_modprobe("-qD", name, output);
	ssize_t len = ret ? 0 : pread(output, plan, PLAN_SIZE - 1, 0);

	plan[len > 0 ? len : 0] = '\0';
	return len < 0 ? -errno : ret;
}

/* A line is `insmod /lib/modules/RELEASE/kernel/fs/xfs/xfs.ko` */
static int note_line(const char *line, const char *before)
{
	char file[PATH_MAX], name[NAME_MAX];
	char *base;

	if (strncmp(line, "insmod ", 7) != 0)
		return 0;
	snprintf(file, sizeof(file), "%.*s", (int)strcspn(line + 7, " "),
		 line + 7);
	base = strrchr(file, '/');
	base = base ? base + 1 : file;
	base[strcspn(base, ".")] = '\0';
	normalise(base, name);
	if (!*name || in_list(before, name, strlen(name)))
		return 0;
	return watcher->note(watcher->arg, name);
}

/* Tells of all that modprobe is about to load, in that order */
static int note_planned(const char *name, const char *before)
{
	char plan[PLAN_SIZE], *saved = NULL;
	int ret;

	if (!watcher)
		return 0;
	ret = read_plan(name, plan);
	for (char *line = ret ? NULL : strtok_r(plan, "\n", &saved);
	     line && !ret; line = strtok_r(NULL, "\n", &saved))
		ret = note_line(line, before);
	return ret;
}

/* /proc/modules has the newest first; @after is walked from its end. */
static int remember_new(const char *before, const char *after)
{
	const char *end = after + strlen(after);

	while (end > after) {
		const char *line = end - 1;
		size_t len;

		while (line > after && line[-1] != '\n')
			line--;
		len = strcspn(line, " \n");
		if (len && !in_list(before, line, len)) {
			int ret = remember(line, len);

			if (ret < 0)
				return ret;
		}
		end = line;
	}
	return 0;
}

static int load_on_machine(const char *name)
{
	cleanup_free char *before = NULL;
	cleanup_free char *after = NULL;
	int ret = root_read(ROOT_REAL, "/proc/modules", &before);
	mode_t mode;
	int probed;

	/* ENOENT: a kernel without loadable modules, or without any */
	if (ret == 0)
		ret = root_mode(ROOT_REAL, "/lib/modules", &mode);
	if (ret < 0)
		return ret;
	ret = note_planned(name, before);
	if (ret < 0)
		return ret;
	/* a failure, too, may have left dependencies behind */
	probed = run_modprobe("-q", name, -1);
	ret = root_read(ROOT_REAL, "/proc/modules", &after);
	if (ret == 0)
		ret = remember_new(before, after);
	return probed < 0 ? probed : ret;
}

int module_load(const char *name)
{
	int ret;

	if (!*name || strchr(name, '/') || strlen(name) >= NAME_MAX - 8)
		return -EINVAL;
	if (module_present(name))
		return 0;
	ret = guest_folder() ? load_in_guest(name) : load_on_machine(name);
	if (module_present(name))
		return 0;
	return ret < 0 ? ret : -ENOENT;
}

enum module_state module_plan_parse(const char *plan)
{
	enum module_state state = MODULE_ABSENT;

	for (const char *line = plan; *line;) {
		if (!strncmp(line, "install ", 8))
			return MODULE_BARRED;
		if (!strncmp(line, "insmod ", 7))
			state = MODULE_LOADABLE;
		else if (!strncmp(line, "builtin ", 8) && !state)
			state = MODULE_PRESENT;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return state;
}

static enum module_state ask_modprobe(const char *name)
{
	char plan[PLAN_SIZE];

	return read_plan(name, plan) < 0 ? MODULE_ABSENT
					 : module_plan_parse(plan);
}

enum module_state module_look(const char *name)
{
	char disabled[8];
	mode_t mode;

	if (!*name || strchr(name, '/') || strlen(name) >= NAME_MAX - 8)
		return MODULE_ABSENT;
	if (module_present(name))
		return MODULE_PRESENT;
	if (root_mode(ROOT_REAL, "/proc/modules", &mode) < 0)
		return MODULE_ABSENT;
	if (root_read_line(ROOT_REAL, "/proc/sys/kernel/modules_disabled",
			   disabled, sizeof(disabled)) == 0 &&
	    disabled[0] == '1')
		return MODULE_BARRED;
	return ask_modprobe(name);
}

int module_users(const char *name)
{
	char path[PATH_MAX], text[32];
	mode_t mode;
	int ret;

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	ret = root_mode(ROOT_REAL, path, &mode);
	if (ret < 0)
		return ret;
	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	ret = root_read_line(ROOT_REAL, path, text, sizeof(text));
	return ret < 0 ? ret : atoi(text);
}

int module_unload(const char *name)
{
	if (!syscall(SYS_delete_module, name, O_NONBLOCK))
		return 0;
	return errno == EWOULDBLOCK ? -EBUSY : -errno;
}

void modules_unload(void)
{
	while (loaded.count) {
		char *name = loaded.names[--loaded.count];
		int ret = module_unload(name);

		/* what somebody uses by now stays, and stays noted */
		if (watcher && (!ret || ret == -ENOENT))
			watcher->forget(watcher->arg, name);
		free(name);
	}
	free(loaded.names);
	loaded.names = NULL;
}
