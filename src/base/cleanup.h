/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

/*
 * Owners that release what they hold when they go out of scope. Each keeps
 * errno, accepts the empty value, and gives up ownership through take_*().
 */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define cleanup(function) __attribute__((cleanup(function)))

#define cleanup_free cleanup(cleanup_free_p)
#define cleanup_close cleanup(cleanup_close_p)
#define cleanup_fclose cleanup(cleanup_fclose_p)
#define cleanup_closedir cleanup(cleanup_closedir_p)

static inline void cleanup_free_p(void *pointer)
{
	int saved = errno;

	free(*(void **)pointer);
	errno = saved;
}

/** fd_close() - close @fd unless it is negative; returns -1, keeps errno */
static inline int fd_close(int fd)
{
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
	return -1;
}

static inline void cleanup_close_p(int *fd)
{
	*fd = fd_close(*fd);
}

static inline void cleanup_fclose_p(FILE **file)
{
	int saved = errno;

	if (*file)
		fclose(*file);
	errno = saved;
}

static inline void cleanup_closedir_p(DIR **dir)
{
	int saved = errno;

	if (*dir)
		closedir(*dir);
	errno = saved;
}

/** take_fd() - move a descriptor out of its owner */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/** take_pointer() - move a heap object out of its owner */
#define take_pointer(pointer)                           \
	({                                              \
		__typeof__(pointer) taken_ = (pointer); \
		(pointer) = NULL;                       \
		taken_;                                 \
	})

#endif
