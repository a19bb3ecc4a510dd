/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEDIA_MAPPER_H
#define MEDIA_MAPPER_H

/*
 * Mapper: a device-mapper device over the whole of another one, which can be
 * suspended: what is written to it meanwhile waits, and so does who waits for
 * that (drivers/md/dm.c, dm_suspend()). The kernel removes it by itself when
 * nobody has it open any more, so it does not outlive a cell that is killed.
 */

#include "media/loop.h"

/** MAPPER_NAME_SIZE - bytes for a name, its 0 included */
#define MAPPER_NAME_SIZE 64

/**
 * mapper_attach() - make one over the block device @below
 * @name: of the new one, for mapper_suspend(); nobody else may have it
 * @ret_fd: receives it, opened: it stays as long as that
 * @device: receives its name in /dev, LOOP_NAME_SIZE bytes
 * Return: 0; -ENOENT: the kernel has no device mapper; another -errno.
 */
int mapper_attach(int below, const char *name, int *ret_fd,
		  char device[LOOP_NAME_SIZE]);

/** mapper_suspend() - hold back everything from now on; 0 or -errno */
int mapper_suspend(const char *name);

/** mapper_is_suspended() - 1, 0, or -errno */
int mapper_is_suspended(const char *name);

/** mapper_resume() - let it go on; no harm if it is not suspended; 0 or -errno
 */
int mapper_resume(const char *name);

/** mapper_remove() - nobody has it open; 0, also when it is gone, or -errno */
int mapper_remove(const char *name);

#endif
