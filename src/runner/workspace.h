/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_WORKSPACE_H
#define RUNNER_WORKSPACE_H

/*
 * Workspace: the folder where images, mount points and side files of a run
 * live. As root it is a tmpfs in a mount namespace of our own, so that the
 * kernel removes all of it with the last of our processes, however that ends.
 */

#include <limits.h>
#include <stdbool.h>
#include "base/error.h"
#include "kernel/module.h"
#include "runner/ledger.h"

/**
 * struct workspace
 * @lock: the folder itself, below the tmpfs; its lock is held while we live
 * @ledger: what the run does to the machine, in the folder itself
 * @watch: notes the modules that are loaded
 */
struct workspace {
	char dir[PATH_MAX / 4];
	int lock;
	bool mounted;
	struct ledger *ledger;
	struct module_watch watch;
};

/** workspace_base() - the folder in which workspaces are made */
const char *workspace_base(void);

/**
 * workspace_open() - make it; sweeps away what runs that were killed have left
 *
 * It must not move until it is closed. Return: 0, -ENOSPC when there is too
 * little memory for the images, or another -errno with a line of @error.
 */
int workspace_open(struct workspace *workspace, struct error *error);

/**
 * workspace_check_room() - whether there is memory for the images
 * Return: 0, or -errno with a line of @error.
 */
int workspace_check_room(struct error *error);

/**
 * workspace_close() - unload what was loaded, undo what its ledger still names,
 * remove it with all that is in it
 *
 * What cannot be undone now stays in the ledger, for the next run.
 */
void workspace_close(struct workspace *workspace);

#endif
