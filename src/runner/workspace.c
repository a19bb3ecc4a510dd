/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "kernel/memory.h"
#include "kernel/root.h"
#include "runner/ledger-undo.h"
#include "runner/sweep.h"
#include "runner/workspace.h"

/* Room for the largest template, the copy of a cell, and side files, in MiB */
#define ROOM_MIB 400
/* What a run may take at the most, whatever goes wrong in it */
#define TMPFS_SIZE "1g"

const char *workspace_base(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir == '/' && strlen(dir) < 512 ? dir : "/tmp";
}

int workspace_check_room(struct error *error)
{
	return memory_check(
		ROOT_REAL, ROOM_MIB, "images need",
		"end something, or give the guest more with --memory", error);
}

static int mount_tmpfs(struct workspace *workspace, struct error *error)
{
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("gupcheck", workspace->dir, "tmpfs", MS_NOSUID,
		  "mode=0700,size=" TMPFS_SIZE) < 0)
		return error_set(error, -errno,
				 "no tmpfs of our own on %s:", workspace->dir);
	workspace->mounted = true;
	return 0;
}

/*
 * Makes the folder and takes its lock. Who sweeps may see the folder before it
 * is locked, and remove it: then another one is made.
 */
static int make_folder(struct workspace *workspace, struct error *error)
{
	struct stat st = {0};

	while (!st.st_nlink) {
		workspace->lock = fd_close(workspace->lock);
		snprintf(workspace->dir, sizeof(workspace->dir),
			 "%s/" SWEEP_PREFIX "XXXXXX", workspace_base());
		if (!mkdtemp(workspace->dir)) {
			int ret = -errno;

			error_set(error, ret,
				  "%s cannot be made:", workspace->dir);
			workspace->dir[0] = '\0';
			return ret;
		}
		workspace->lock = open(workspace->dir,
				       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (workspace->lock < 0 && errno == ENOENT)
			continue;
		if (workspace->lock < 0 ||
		    flock(workspace->lock, LOCK_EX) < 0 ||
		    fstat(workspace->lock, &st) < 0)
			return error_set(error, -errno, "%s cannot be locked:",
					 workspace->dir);
	}
	return 0;
}

static int note_module(void *arg, const char *name)
{
	struct workspace *workspace = arg;

	return ledger_note(workspace->ledger, "module", name, 0, 0);
}

static void forget_module(void *arg, const char *name)
{
	struct workspace *workspace = arg;

	ledger_forget(workspace->ledger, "module", name);
}

int workspace_open(struct workspace *workspace, struct error *error)
{
	int ret;

	memset(workspace, 0, sizeof(*workspace));
	workspace->lock = -1;
	/* what cannot be swept is no reason not to run */
	sweep(workspace_base(), &(struct ledger_how){.dry_run = false});
	ret = workspace_check_room(error);
	if (!ret)
		ret = make_folder(workspace, error);
	if (ret < 0)
		return ret;
	ret = ledger_create(workspace->lock, workspace->dir,
			    &workspace->ledger);
	if (ret < 0)
		error_set(error, ret,
			  "%s: the ledger cannot be written:", workspace->dir);
	else if (!geteuid())
		ret = mount_tmpfs(workspace, error);
	if (ret < 0) {
		workspace_close(workspace);
		return ret;
	}
	workspace->watch = (struct module_watch){
		.arg = workspace,
		.note = note_module,
		.forget = forget_module,
	};
	modules_watch(&workspace->watch);
	return 0;
}

/* The folder stays, with its ledger, while that names anything */
static void remove_folder(struct workspace *workspace)
{
	const char *name = strrchr(workspace->dir, '/') + 1;
	cleanup_close int base =
		open(workspace_base(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (base >= 0)
		sweep_remove(base, name, workspace->lock);
}

void workspace_close(struct workspace *workspace)
{
	struct ledger_how quiet = {.dry_run = false};

	if (!workspace->dir[0])
		return;
	/* lazily: a hung cell may still sit on it, and takes it along */
	if (workspace->mounted)
		umount2(workspace->dir, MNT_DETACH);
	modules_unload();
	modules_watch(NULL);
	/* what a cell that was killed has left, too */
	if (!workspace->ledger || !ledger_undo(workspace->ledger, &quiet))
		remove_folder(workspace);
	workspace->ledger = ledger_close(workspace->ledger);
	workspace->lock = fd_close(workspace->lock);
	workspace->dir[0] = '\0';
}
