/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <time.h>
#include "file.c"

static void *write_back(void *ret)
{
	*(int *)ret = sync_file_range(fd, 0, 0,
				      SYNC_FILE_RANGE_WAIT_BEFORE |
					      SYNC_FILE_RANGE_WRITE |
					      SYNC_FILE_RANGE_WAIT_AFTER)
			      ? -errno
			      : 0;
	return NULL;
}

/* To block is a right answer, too: go on after some seconds */
static int try_write_back(void)
{
	static int ret;
	struct timespec limit;
	pthread_t thread;

	if (pthread_create(&thread, NULL, write_back, &ret))
		return -EAGAIN;
	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += 5;
	return pthread_timedjoin_np(thread, NULL, &limit) ? 0 : ret;
}
