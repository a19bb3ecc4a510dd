/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "runner/ledger-undo.h"
#include "runner/sweep.h"

#define RANDOM_LENGTH 6
#define DEPTH_MAX 16

/**
 * struct place - a folder that may be a workspace
 * @path: its whole name
 * @name: the last part of it
 * @base: the folder above
 * @fd: the folder; who holds its lock holds the workspace
 */
struct place {
	char path[PATH_MAX];
	const char *name;
	int base;
	int fd;
};

static bool name_fits(const char *name)
{
	return !strncmp(name, SWEEP_PREFIX, strlen(SWEEP_PREFIX)) &&
	       strlen(name) == strlen(SWEEP_PREFIX) + RANDOM_LENGTH;
}

/* The name may be anybody's in a folder that all may write to */
static bool is_ours(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISDIR(st.st_mode) &&
	       st.st_uid == geteuid() && (st.st_mode & 0777) == 0700;
}

/* Follows no link: the folder is opened by name once, and stays that one */
static int open_folder(int base, const char *name)
{
	return openat(base, name,
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int empty(int folder, dev_t device, unsigned int depth);

static int remove_entry(int folder, const char *name, dev_t device,
			unsigned int depth)
{
	cleanup_close int inner = -1;
	struct stat st;
	int ret;

	if (!unlinkat(folder, name, 0))
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	inner = open_folder(folder, name);
	if (inner < 0 || fstat(inner, &st) < 0)
		return -errno;
	if (st.st_dev != device)
		return -EXDEV;
	ret = depth ? empty(inner, device, depth - 1) : -ELOOP;
	if (!ret && unlinkat(folder, name, AT_REMOVEDIR) < 0)
		ret = -errno;
	return ret;
}

/* The ledger is what makes the folder ours: it goes last */
static int empty(int folder, dev_t device, unsigned int depth)
{
	cleanup_closedir DIR *dir = NULL;
	int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	int ret = 0;

	dir = copy < 0 ? NULL : fdopendir(copy);
	if (!dir)
		return -errno;
	while (!ret && (entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") && strcmp(name, "..") &&
		    (depth < DEPTH_MAX || strcmp(name, LEDGER_NAME)))
			ret = remove_entry(folder, name, device, depth);
	}
	return ret;
}

int sweep_remove(int base, const char *name, int folder)
{
	struct stat st;
	int ret = 0;

	if (folder >= 0 && !fstat(folder, &st))
		ret = empty(folder, st.st_dev, DEPTH_MAX);
	if (!ret && folder >= 0 && unlinkat(folder, LEDGER_NAME, 0) < 0 &&
	    errno != ENOENT)
		ret = -errno;
	if (!ret && unlinkat(base, name, AT_REMOVEDIR) < 0)
		ret = -errno;
	return ret;
}

static void remove_place(const struct place *place, const char *why,
			 const struct ledger_how *how)
{
	int ret = 0;

	if (!how->dry_run)
		ret = sweep_remove(place->base, place->name, place->fd);
	if (ret < 0)
		ledger_tell(how, "left folder %s: %s", place->path,
			    strerror(-ret));
	else
		ledger_tell(how, "%s folder %s: %s",
			    how->dry_run ? "would remove" : "removed",
			    place->path, why);
}

/* One that was killed before it began its ledger */
static void sweep_unnamed(const struct place *place, int ret,
			  const struct ledger_how *how)
{
	cleanup_closedir DIR *dir = NULL;
	int copy = openat(place->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int count = 0;

	dir = copy < 0 ? NULL : fdopendir(copy);
	while (dir && readdir(dir))
		count++;
	if (ret == -ENOENT && dir && count == 2)
		remove_place(place, "empty", how);
	else
		ledger_tell(how, "left folder %s: no ledger of ours names it",
			    place->path);
}

static void sweep_place(const struct place *place, bool busy,
			const struct ledger_how *how)
{
	struct ledger_how ledger_how = *how;
	struct ledger *ledger = NULL;
	int ret = ledger_open(place->fd, place->path, &ledger);
	char why[64];

	ledger_how.busy = busy;
	if (ret < 0) {
		sweep_unnamed(place, ret, how);
		return;
	}
	snprintf(why, sizeof(why), "its run, process %d, is dead", ledger->pid);
	if (!ledger_undo(ledger, &ledger_how))
		remove_place(place, why, how);
	else
		ledger_tell(how,
			    "left folder %s: its ledger names what was left",
			    place->path);
	ledger_close(ledger);
}

/* Calls @visit for each folder that may be a workspace of ours */
static int visit_all(const char *base,
		     bool (*visit)(const struct place *place, bool dead,
				   bool busy, const struct ledger_how *how),
		     bool busy, const struct ledger_how *how, bool *ret_any)
{
	cleanup_closedir DIR *dir = opendir(base);
	struct dirent *entry;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		struct place place = {.name = entry->d_name,
				      .base = dirfd(dir)};
		cleanup_close int fd = -1;

		if (!name_fits(entry->d_name))
			continue;
		fd = open_folder(place.base, entry->d_name);
		if (fd < 0 || !is_ours(fd))
			continue;
		place.fd = fd;
		snprintf(place.path, sizeof(place.path), "%s/%s", base,
			 entry->d_name);
		*ret_any |=
			visit(&place, !flock(fd, LOCK_EX | LOCK_NB), busy, how);
	}
	return 0;
}

static bool is_alive(const struct place *place, bool dead, bool busy,
		     const struct ledger_how *how)
{
	return !dead;
}

static bool sweep_one(const struct place *place, bool dead, bool busy,
		      const struct ledger_how *how)
{
	if (dead)
		sweep_place(place, busy, how);
	else
		ledger_tell(how, "left folder %s: its run is under way",
			    place->path);
	return false;
}

int sweep(const char *base, const struct ledger_how *how)
{
	bool busy = false;
	int ret = visit_all(base, is_alive, false, how, &busy);

	return ret < 0 ? ret : visit_all(base, sweep_one, busy, how, &busy);
}
