/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_LEDGER_UNDO_H
#define RUNNER_LEDGER_UNDO_H

/*
 * Ledger undo: puts right what a ledger names, newest first, and only that:
 *
 *	module	is unloaded where nobody uses it
 *	setting	gets its value back where it still holds what we left in it
 *	cgroup	what is in it is killed, then it is removed
 *
 * After a restart of the machine there is nothing to put right.
 */

#include <stdbool.h>
#include "runner/ledger.h"

/**
 * struct ledger_how
 * @dry_run: only tell
 * @busy: a run is under way: modules and settings are left alone, it may need
 *	them
 * @tell: gets a line about each thing that was undone, or left and why; may be
 *	NULL
 */
struct ledger_how {
	bool dry_run;
	bool busy;
	void (*tell)(void *arg, const char *line);
	void *arg;
};

/** ledger_tell() - one line to @how->tell, if somebody listens */
void ledger_tell(const struct ledger_how *how, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** ledger_undo() - returns how many things are left for another attempt */
size_t ledger_undo(struct ledger *ledger, const struct ledger_how *how);

#endif
