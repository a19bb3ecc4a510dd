/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_LOCKED_H
#define CELL_LOCKED_H

/*
 * Locked: what the kernel has booked as locked or pinned for this process
 * (VmLck and VmPin of /proc/PID/status), which a refused or released pin must
 * give back.
 */

/** struct locked - KiB; 0 where the kernel does not say */
struct locked {
	long locked;
	long pinned;
};

/** locked_read() - of the calling process */
void locked_read(struct locked *ret);

/**
 * locked_await() - wait until no more is booked than @before
 * @limit_s: seconds, for what the kernel gives back late
 * @ret: receives what is booked more in the end; all 0 when nothing is
 */
void locked_await(const struct locked *before, double limit_s,
		  struct locked *ret);

#endif
