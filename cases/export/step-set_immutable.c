/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "file.c"

static int step_set_immutable(void)
{
	int file = open(PINNED, O_RDONLY);
	int flags, ret = 0;

	if (file < 0 || ioctl(file, FS_IOC_GETFLAGS, &flags))
		return -errno;
	flags |= FS_IMMUTABLE_FL;
	if (ioctl(file, FS_IOC_SETFLAGS, &flags))
		ret = -errno;
	close(file);
	return ret;
}
