/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEDIA_UNDO_H
#define MEDIA_UNDO_H

/*
 * Undo: what was done to the machine, to be undone last in, first out.
 *
 * An action is pushed before the thing that it undoes is done, so it has to be
 * idempotent and to accept that there is nothing to undo.
 */

#include <stddef.h>

#define UNDO_MAX 32

/** struct undo - a stack of actions; all zero: empty */
struct undo {
	struct {
		const char *name;
		int (*run)(void *arg);
		void *arg;
	} actions[UNDO_MAX];
	size_t count;
};

/**
 * undo_push() - remember an action
 * @name: for messages, static
 * @run: returns 0 or -errno
 */
void undo_push(struct undo *undo, const char *name, int (*run)(void *arg),
	       void *arg);

/**
 * undo_run() - run and forget all actions; one that fails does not stop it
 * @report: told about each failure; may be NULL
 * Return: the number of failures.
 */
unsigned int undo_run(struct undo *undo,
		      void (*report)(void *arg, const char *name, int ret),
		      void *arg);

#endif
