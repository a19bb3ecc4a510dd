/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_GUARDIAN_H
#define CELL_GUARDIAN_H

/*
 * Guardian: a process that thaws a frozen filesystem when the cell cannot.
 *
 * Whoever touches a frozen filesystem may block in the kernel where no signal
 * reaches it, so the one that froze it must not be the only one who can thaw
 * it.
 */

#include <sys/types.h>

/** struct guardian - all zero: there is none */
struct guardian {
	pid_t pid;
	int pipe;
};

/**
 * guardian_start() - before the freeze
 * @dir: a folder of the filesystem
 * @limit_s: thaw after that many seconds in any case
 *
 * It thaws as well as soon as this process is gone. Return: 0 or -errno.
 */
int guardian_start(struct guardian *guardian, const char *dir,
		   unsigned int limit_s);

/** guardian_stop() - make it thaw (no harm if it is done) and wait for it */
void guardian_stop(struct guardian *guardian);

#endif
