/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "base/cleanup.h"
#include "media/loop.h"

#define ATTEMPTS 64
#define LOOP_MAJOR_NUMBER 7

static int open_device(int number, char name[LOOP_NAME_SIZE])
{
	char path[LOOP_NAME_SIZE + 8];
	int fd;

	snprintf(name, LOOP_NAME_SIZE, "loop%d", number);
	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	/* A container's /dev may lack the node that the kernel just made */
	if (fd < 0 && errno == ENOENT &&
	    !mknod(path, S_IFBLK | 0600,
		   makedev(LOOP_MAJOR_NUMBER, (unsigned int)number)))
		fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int loop_attach(int image_fd, int *ret_fd, char name[LOOP_NAME_SIZE])
{
	cleanup_close int control =
		open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	struct loop_config config = {
		.fd = (unsigned int)image_fd,
		.info.lo_flags = LO_FLAGS_AUTOCLEAR,
	};

	if (control < 0)
		return -errno;
	for (int i = 0; i < ATTEMPTS; i++) {
		cleanup_close int fd = -1;
		int number = ioctl(control, LOOP_CTL_GET_FREE);

		if (number < 0)
			return -errno;
		fd = open_device(number, name);
		if (fd < 0)
			return fd;
		if (!ioctl(fd, LOOP_CONFIGURE, &config)) {
			*ret_fd = take_fd(&fd);
			return 0;
		}
		/* somebody else took it between the two calls */
		if (errno != EBUSY)
			return -errno;
	}
	return -EBUSY;
}
