/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "image.c"

static void make_device(char *device, size_t size)
{
	make_loop(device, size);
}

/* A frozen filesystem cannot be unmounted */
static void let_go(void)
{
	int dir = open("mnt", O_RDONLY | O_DIRECTORY);

	ioctl(dir, FITHAW, 0);
	close(dir);
}
