/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_TURN_H
#define RUNNER_TURN_H

/*
 * Turn: one run at a time on a kernel. The kernel has one log and one set of
 * counters, so what two runs did at the same time could not be told apart.
 */

/**
 * turn_wait() - wait until no other run is under way
 * @name: whose turn; in the abstract namespace of unix(7), where it leaves
 * nothing
 * @waiting: called once, if there is something to wait for; may be NULL
 * Return: a descriptor that holds the turn until it is closed (or its owner
 * dies), -EINTR when a signal came, or another -errno.
 */
int turn_wait(const char *name, void (*waiting)(void));

#endif
