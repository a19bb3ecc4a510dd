/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <sched.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/sysinfo.h>
#include "base/cleanup.h"
#include "runner/workspace.h"

/* Room for the largest template, the copy of a cell, and side files, in MiB */
#define ROOM_MIB 400
#define NAME "gupcheck-"

static const char *base_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir == '/' && strlen(dir) < 512 ? dir : "/tmp";
}

/*
 * A run that was killed leaves an empty folder. One that is alive holds a lock
 * on its own: to remove a mount point would unmount it in that run.
 */
static void sweep(void)
{
	char pattern[600];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/" NAME "??????", base_dir());
	if (glob(pattern, GLOB_ONLYDIR, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		cleanup_close int fd =
			open(found.gl_pathv[i],
			     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB))
			rmdir(found.gl_pathv[i]);
	}
	globfree(&found);
}

static int check_room(struct error *error)
{
	struct sysinfo info;
	unsigned long long free_mib;

	if (sysinfo(&info) < 0)
		return error_set(error, -errno, "sysinfo:");
	free_mib = ((unsigned long long)info.freeram + info.bufferram) *
			   info.mem_unit >>
		   20;
	if (free_mib >= ROOM_MIB)
		return 0;
	return error_set(
		error, -ENOSPC,
		"images need %d MiB of free memory, %llu are there: end something, or give the guest more with --memory",
		ROOM_MIB, free_mib);
}

static int mount_tmpfs(struct workspace *workspace, struct error *error)
{
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("gupcheck", workspace->dir, "tmpfs", MS_NOSUID,
		  "mode=0700,size=80%") < 0)
		return error_set(error, -errno,
				 "no tmpfs of our own on %s:", workspace->dir);
	workspace->mounted = true;
	return 0;
}

int workspace_open(struct workspace *workspace, struct error *error)
{
	int ret;

	memset(workspace, 0, sizeof(*workspace));
	workspace->lock = -1;
	sweep();
	ret = check_room(error);
	if (ret < 0)
		return ret;
	snprintf(workspace->dir, sizeof(workspace->dir), "%s/" NAME "XXXXXX",
		 base_dir());
	if (!mkdtemp(workspace->dir)) {
		ret = error_set(error, -errno,
				"%s cannot be made:", workspace->dir);
		workspace->dir[0] = '\0';
		return ret;
	}
	workspace->lock =
		open(workspace->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (workspace->lock < 0 || flock(workspace->lock, LOCK_EX) < 0)
		ret = error_set(error, -errno,
				"%s cannot be locked:", workspace->dir);
	else if (!geteuid())
		ret = mount_tmpfs(workspace, error);
	if (ret < 0)
		workspace_close(workspace);
	return ret;
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	remove(path);
	return 0;
}

void workspace_close(struct workspace *workspace)
{
	if (!workspace->dir[0])
		return;
	/* lazily: a hung cell may still sit on it, and takes it along */
	if (workspace->mounted)
		umount2(workspace->dir, MNT_DETACH);
	nftw(workspace->dir, remove_entry, 16,
	     FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	workspace->lock = fd_close(workspace->lock);
	workspace->dir[0] = '\0';
}
