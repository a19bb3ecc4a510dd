/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "file.c"

static int step_fsync(void)
{
	int file = fd < 0 ? open(PINNED, O_RDWR) : fd;
	int ret = file < 0 || fsync(file) ? -errno : 0;

	if (file != fd)
		close(file);
	return ret;
}
