/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CELL_KEEPER_H
#define CELL_KEEPER_H

/*
 * Keeper: a process outside of the cell that puts right what a cell that is
 * killed cannot: it thaws the filesystem that the cell froze, resumes the
 * device that it suspended, and writes back the kernel settings that it
 * changed.
 *
 * Whoever touches a frozen filesystem may block in the kernel where no signal
 * reaches it, so the one that froze it must not be the only one who can thaw
 * it. The keeper acts as soon as the other end of its socket is closed.
 */

/** struct keeper - @fd: socket to it; -1: there is none */
struct keeper {
	int fd;
};

/** KEEPER_NONE - for those who may neither freeze nor set anything */
#define KEEPER_NONE ((struct keeper){.fd = -1})

/**
 * keeper_start() - before the caller enters namespaces of its own
 *
 * It lives on when the caller dies, and ends when its work is done. Return: 0
 * or -errno.
 */
int keeper_start(struct keeper *ret);

/**
 * keeper_freeze() - to be called before the freeze
 * @dir: a folder of the filesystem
 * @limit_s: thaw after that many seconds in any case
 * Return: 0 or -errno.
 */
int keeper_freeze(struct keeper *keeper, const char *dir, unsigned int limit_s);

/**
 * keeper_thaw() - make it thaw, and let go of the filesystem
 * No harm if it is thawed, or never was frozen. Return: 0 or -errno.
 */
int keeper_thaw(struct keeper *keeper);

/**
 * keeper_suspend() - to be called before a device-mapper device is suspended
 * @name: of the device, of fewer than KEEPER_PATH_SIZE bytes
 * @limit_s: resume after that many seconds in any case
 * Return: 0 or -errno.
 */
int keeper_suspend(struct keeper *keeper, const char *name,
		   unsigned int limit_s);

/** keeper_resume() - make it resume, no harm if it is not suspended; 0 or
 * -errno */
int keeper_resume(struct keeper *keeper);

/**
 * keeper_setting() - to be called before a kernel setting is changed
 * @path: its file, of fewer than KEEPER_PATH_SIZE bytes
 * @value: what to write back
 * Return: 0 or -errno.
 */
int keeper_setting(struct keeper *keeper, const char *path, long value);

/** keeper_setting_done() - the caller has put it back itself; 0 or -errno */
int keeper_setting_done(struct keeper *keeper, const char *path);

/** keeper_stop() - let it go; it ends at once, after what is left to do */
void keeper_stop(struct keeper *keeper);

#define KEEPER_PATH_SIZE 128

#endif
