/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "view-raw.c"

static int step_freeze(void)
{
	int dir = open("mnt", O_RDONLY | O_DIRECTORY);
	int ret = dir < 0 ? -errno : find_place(PINNED);

	if (!ret && ioctl(dir, FIFREEZE, 0))
		ret = -errno;
	close(dir);
	keep_place = !ret;
	return ret;
}
