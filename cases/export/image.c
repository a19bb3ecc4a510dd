/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "answer.c"

static int image = -1, loop = -1;

static void make_filesystem(void)
{
	static char *argv[] = {MKFS, "image", NULL};
	pid_t child = fork();
	int status;

	if (!child) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		answer(NO_ANSWER, "%s failed, or is not installed", argv[0]);
}

/* An image file behind a loop device that ends with its last user */
static void make_loop(char *device, size_t size)
{
	int control = open("/dev/loop-control", O_RDWR);
	struct loop_config config = {.info.lo_flags = LO_FLAGS_AUTOCLEAR};

	image = open("image", O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (image < 0 || ftruncate(image, IMAGE_SIZE))
		answer(NO_ANSWER, "image: %s", strerror(errno));
	make_filesystem();
	config.fd = image;
	for (int i = 0; i < 64; i++) {
		snprintf(device, size, "/dev/loop%d",
			 ioctl(control, LOOP_CTL_GET_FREE));
		loop = open(device, O_RDWR);
		if (loop >= 0 && !ioctl(loop, LOOP_CONFIGURE, &config))
			break;
		close(loop);
		loop = -1;
	}
	if (loop < 0)
		answer(NO_ANSWER, "no loop device: modprobe loop");
	close(control);
}
