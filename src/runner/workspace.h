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

/** struct workspace */
struct workspace {
	char dir[PATH_MAX / 4];
	int lock;
	bool mounted;
};

/**
 * workspace_open() - make it; sweeps away empty folders of runs that were
 * killed Return: 0, -ENOSPC when there is too little memory for the images, or
 * another -errno with a line of @error.
 */
int workspace_open(struct workspace *workspace, struct error *error);

/** workspace_close() - remove it with all that is in it */
void workspace_close(struct workspace *workspace);

#endif
