/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <mntent.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "base/io.h"
#include "runner/cgroup.h"

static void cleanup_mntent_p(FILE **file)
{
	if (*file)
		endmntent(*file);
}

static int find_mount(char *ret, size_t size)
{
	cleanup(cleanup_mntent_p) FILE *file =
		setmntent("/proc/self/mounts", "re");
	char text[4096];
	struct mntent mount;

	while (file && getmntent_r(file, &mount, text, sizeof(text))) {
		if (strcmp(mount.mnt_type, "cgroup2"))
			continue;
		snprintf(ret, size, "%s", mount.mnt_dir);
		return 0;
	}
	return -ENOENT;
}

/* The line `0::/path` is the one of version 2 */
static int find_own(char *ret, size_t size)
{
	cleanup_fclose FILE *file = fopen("/proc/self/cgroup", "re");
	cleanup_free char *line = NULL;
	size_t allocated = 0;

	while (file && getline(&line, &allocated, file) >= 0) {
		if (strncmp(line, "0::/", 4))
			continue;
		line[strcspn(line, "\n")] = '\0';
		/* without the slash at the end that the root group has */
		snprintf(ret, size, "%s", line[4] ? line + 3 : "");
		return 0;
	}
	return -ENOENT;
}

int cgroup_find(const char *name, struct cgroup *ret)
{
	char mount[PATH_MAX / 4], own[PATH_MAX / 4];
	int failed = find_mount(mount, sizeof(mount));

	ret->path[0] = '\0';
	if (!failed)
		failed = find_own(own, sizeof(own));
	if (!failed)
		snprintf(ret->path, sizeof(ret->path), "%s%s/%s", mount, own,
			 name);
	return failed;
}

int cgroup_create(struct cgroup *cgroup)
{
	int ret;

	if (!cgroup->path[0])
		return -ENOENT;
	if (!mkdir(cgroup->path, 0700))
		return 0;
	ret = -errno;
	cgroup->path[0] = '\0';
	return ret;
}

static int open_file(const char *folder, const char *name, int flags)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return open(path, flags | O_CLOEXEC);
}

int cgroup_enter(const char *path)
{
	cleanup_close int fd = open_file(path, "cgroup.procs", O_WRONLY);

	return fd < 0 ? -errno : fd_write_all(fd, "0", 1);
}

bool cgroup_empty(const struct cgroup *cgroup)
{
	cleanup_close int fd = -1;
	char text[256] = "";

	if (!cgroup->path[0])
		return true;
	fd = open_file(cgroup->path, "cgroup.events", O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return true;
	return strstr(text, "populated 0") != NULL;
}

static void kill_one_by_one(const struct cgroup *cgroup)
{
	int fd = open_file(cgroup->path, "cgroup.procs", O_RDONLY);
	cleanup_fclose FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	long pid;

	/* 0 is a process that our PID namespace does not show */
	while (file && fscanf(file, "%ld", &pid) == 1)
		if (pid > 0)
			kill((pid_t)pid, SIGKILL);
}

void cgroup_kill(const struct cgroup *cgroup)
{
	cleanup_close int fd = -1;

	if (!cgroup->path[0])
		return;
	fd = open_file(cgroup->path, "cgroup.kill", O_WRONLY);
	if (fd < 0 || fd_write_all(fd, "1", 1) < 0)
		kill_one_by_one(cgroup);
}

int cgroup_remove(struct cgroup *cgroup)
{
	if (!cgroup->path[0])
		return 0;
	if (rmdir(cgroup->path) < 0 && errno != ENOENT)
		return -errno;
	cgroup->path[0] = '\0';
	return 0;
}
