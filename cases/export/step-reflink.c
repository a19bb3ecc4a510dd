/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "file.c"

static int step_reflink(void)
{
	int from = open(PINNED, O_RDONLY);
	int to = open(OTHER, O_RDWR | O_CREAT | O_EXCL, 0600);

	if (from < 0 || to < 0 || ioctl(to, FICLONE, from) || fsync(to))
		return -errno;
	close(from);
	close(to);
	return sync_mount();
}
