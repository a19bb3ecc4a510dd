/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_CGROUP_H
#define RUNNER_CGROUP_H

/*
 * Cgroup: a group of version 2 for the processes of a run's cells, so that none
 * can slip away (Documentation/admin-guide/cgroup-v2.rst). Not every machine
 * has them, and not every user may make one: then there is none.
 */

#include <limits.h>
#include <stdbool.h>

/** struct cgroup - @path: its folder, or "" for none */
struct cgroup {
	char path[PATH_MAX];
};

/**
 * cgroup_find() - where a group of that name would be, below our own
 * Return: 0, or -errno where there are no such groups.
 */
int cgroup_find(const char *name, struct cgroup *ret);

/** cgroup_create() - make it; 0, or -errno and then @cgroup is none */
int cgroup_create(struct cgroup *cgroup);

/** cgroup_enter() - move the calling process into the group at @path */
int cgroup_enter(const char *path);

/** cgroup_empty() - whether no process is left in it; true for none */
bool cgroup_empty(const struct cgroup *cgroup);

/**
 * cgroup_kill() - SIGKILL for all that is in it
 *
 * Through cgroup.kill (since Linux 5.14), or one by one. A process that cannot
 * be killed now dies later: look at cgroup_empty().
 */
void cgroup_kill(const struct cgroup *cgroup);

/** cgroup_remove() - 0, also when it is gone, or -errno (-EBUSY: not empty) */
int cgroup_remove(struct cgroup *cgroup);

#endif
