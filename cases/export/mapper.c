/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "image.c"

static int mapper; /* kept open: the device ends with its last user */

/* One linear target; the device has the name of this program's folder */
static struct mapper_request {
	struct dm_ioctl head;
	struct dm_target_spec target;
	char table[64];
} mapper_request;

static int ask_mapper(unsigned long command, __u32 flags)
{
	int control = open("/dev/mapper/control", O_RDWR);
	struct dm_ioctl *head = &mapper_request.head;
	char *folder = getcwd(NULL, 0);
	int ret;

	*head = (struct dm_ioctl){
		.version = {DM_VERSION_MAJOR},
		.data_size = sizeof(mapper_request),
		.data_start = offsetof(struct mapper_request, target),
		.target_count = 1,
		.flags = flags,
	};
	snprintf(head->name, sizeof(head->name), "%.100s",
		 strrchr(folder, '/') + 1);
	ret = control < 0 || ioctl(control, command, &mapper_request) ? -errno
								      : 0;
	free(folder);
	close(control);
	return ret;
}

static int suspend(void)
{
	return ask_mapper(DM_DEV_SUSPEND, DM_SUSPEND_FLAG | DM_NOFLUSH_FLAG |
						  DM_SKIP_LOCKFS_FLAG);
}

static int resume(void)
{
	return ask_mapper(DM_DEV_SUSPEND, 0);
}

static void make_device(char *device, size_t size)
{
	struct stat status;
	dev_t number;
	int ret;

	make_loop(device, size);
	ret = ask_mapper(DM_DEV_CREATE, 0);
	number = (dev_t)mapper_request.head.dev;
	fstat(loop, &status);
	mapper_request.target = (struct dm_target_spec){
		.length = IMAGE_SIZE / 512,
		.next = sizeof(mapper_request.target) +
			sizeof(mapper_request.table),
		.target_type = "linear",
	};
	snprintf(mapper_request.table, sizeof(mapper_request.table), "%u:%u 0",
		 major(status.st_rdev), minor(status.st_rdev));
	if (!ret)
		ret = ask_mapper(DM_TABLE_LOAD, 0);
	if (!ret)
		ret = resume();
	snprintf(device, size, "/dev/dm-%u", minor(number));
	mapper = open(device, O_RDWR);
	/* it goes when nobody has it open any more */
	if (!ret)
		ret = ask_mapper(DM_DEV_REMOVE, DM_DEFERRED_REMOVE);
	if (ret || mapper < 0)
		answer(NO_ANSWER, "no device-mapper device: %s",
		       strerror(ret ? -ret : errno));
}

/* What waits for a suspended device cannot even be killed */
static void let_go(void)
{
	resume();
}
