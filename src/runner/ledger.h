/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_LEDGER_H
#define RUNNER_LEDGER_H

/*
 * Ledger: what a run does to the machine that the kernel does not undo by
 *itself with the last process of the run. Written to a file in the folder of
 *the workspace, on disk before the thing is done, so that the next run can put
 *it right when this one was killed.
 *
 * JSON lines:
 *
 *	begin	{"schema":1,"boot":BOOT_ID,"pid":NUMBER,"time":RFC3339,
 *		 "folder":PATH}
 *	note	{"kind":WORD,"name":TEXT,"value":NUMBER,"amount":NUMBER}
 *	forget	the same: the newest note that says so is settled
 *
 * Kinds:
 *
 *	module	a kernel module that we load
 *	setting	a file that holds a number: it held @value, we add @amount
 *	cgroup	a control group of ours: its folder
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** LEDGER_NAME - the file in the folder of a workspace */
#define LEDGER_NAME "ledger"

/** struct ledger_entry - a note that was not forgotten */
struct ledger_entry {
	char *kind;
	char *name;
	long long value;
	long long amount;
};

/**
 * struct ledger - owns everything
 * @fd: the file, O_APPEND
 * @entries: @count of them, oldest first
 * @pid: of the run that wrote it
 * @same_boot: the machine was not restarted since
 */
struct ledger {
	int fd;
	struct ledger_entry *entries;
	size_t count;
	pid_t pid;
	bool same_boot;
};

/**
 * ledger_create() - begin one
 * @dir: descriptor of the folder
 * @path: that folder's name
 * Return: 0 or -errno; -EEXIST where there is one.
 */
int ledger_create(int dir, const char *path, struct ledger **ret);

/**
 * ledger_open() - the one of a run that has ended
 * @path: as it was when the ledger was begun
 * Return: 0; -ENOENT without a ledger; -EINVAL for a file that is none of this
 * user, or of another folder; another -errno.
 */
int ledger_open(int dir, const char *path, struct ledger **ret);

/**
 * ledger_note() - to be called before the thing is done
 * @ledger: NULL: nothing is noted
 * @amount: for a setting, else 0 like @value
 * Return: 0, or -errno: the thing must not be done.
 */
int ledger_note(struct ledger *ledger, const char *kind, const char *name,
		long long value, long long amount);

/**
 * ledger_forget() - it was undone
 * @ledger: may be NULL
 *
 * The newest note of that name, if there is one. Return: 0 or -errno.
 */
int ledger_forget(struct ledger *ledger, const char *kind, const char *name);

/** ledger_drop() - forget one entry by its number; 0 or -errno */
int ledger_drop(struct ledger *ledger, size_t entry);

/** ledger_close() - accepts NULL; returns NULL */
struct ledger *ledger_close(struct ledger *ledger);

#endif
