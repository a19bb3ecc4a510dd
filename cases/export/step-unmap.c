/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include "file.c"

/* Only the pin is left */
static int step_unmap(void)
{
	int ret = munmap(window, SIZE) || close(fd) ? -errno : 0;

	window = NULL;
	fd = -1;
	return ret;
}
