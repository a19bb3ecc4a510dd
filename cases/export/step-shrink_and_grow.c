/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <unistd.h>
#include "file.c"

/* To the first byte of the last page: its later blocks become a hole */
static int step_shrink_and_grow(void)
{
	return ftruncate(fd, SIZE - PAGE + 1) || ftruncate(fd, SIZE) ? -errno
								     : 0;
}
