/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "base/cleanup.h"
#include "media/mapper.h"

#define SECTOR 512

/* Documentation/admin-guide/device-mapper/linear.rst: one target, whole device
 */
struct request {
	struct dm_ioctl head;
	struct dm_target_spec target;
	char parameters[64];
};

static int ask(unsigned long command, const char *name, uint32_t flags,
	       struct request *request)
{
	cleanup_close int control =
		open("/dev/" DM_DIR "/" DM_CONTROL_NODE, O_RDWR | O_CLOEXEC);
	struct dm_ioctl *head = &request->head;

	if (control < 0)
		return errno == ENXIO || errno == ENODEV ? -ENOENT : -errno;
	head->version[0] = DM_VERSION_MAJOR;
	head->data_size = sizeof(*request);
	head->data_start = offsetof(struct request, target);
	head->flags = flags;
	snprintf(head->name, sizeof(head->name), "%s", name);
	return ioctl(control, command, request) < 0 ? -errno : 0;
}

static int load(int below, const char *name)
{
	struct request request = {.head.target_count = 1};
	struct stat status;
	uint64_t size;

	if (fstat(below, &status) < 0 || ioctl(below, BLKGETSIZE64, &size) < 0)
		return -errno;
	request.target.length = size / SECTOR;
	request.target.next =
		sizeof(request.target) + sizeof(request.parameters);
	strcpy(request.target.target_type, "linear");
	snprintf(request.parameters, sizeof(request.parameters), "%u:%u 0",
		 major(status.st_rdev), minor(status.st_rdev));
	return ask(DM_TABLE_LOAD, name, 0, &request);
}

/* A container's /dev may lack the node that the kernel just made */
static int open_node(dev_t number, char device[LOOP_NAME_SIZE])
{
	char path[LOOP_NAME_SIZE + 8];
	int fd;

	snprintf(device, LOOP_NAME_SIZE, "dm-%u", minor(number));
	snprintf(path, sizeof(path), "/dev/%s", device);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && !mknod(path, S_IFBLK | 0600, number))
		fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int remove_last(const char *name)
{
	struct request request = {0};

	return ask(DM_DEV_REMOVE, name, DM_DEFERRED_REMOVE, &request);
}

static int start(int below, const char *name, dev_t number, int *ret_fd,
		 char device[LOOP_NAME_SIZE])
{
	int ret = load(below, name);

	if (!ret)
		ret = mapper_resume(name);
	if (ret < 0)
		return ret;
	ret = open_node(number, device);
	if (ret < 0)
		return ret;
	*ret_fd = ret;
	return remove_last(name);
}

int mapper_attach(int below, const char *name, int *ret_fd,
		  char device[LOOP_NAME_SIZE])
{
	struct request request = {0};
	int ret = ask(DM_DEV_CREATE, name, 0, &request);

	if (ret < 0)
		return ret;
	*ret_fd = -1;
	ret = start(below, name, (dev_t)request.head.dev, ret_fd, device);
	if (ret < 0) {
		*ret_fd = fd_close(*ret_fd);
		mapper_remove(name);
	}
	return ret;
}

/* Neither freezing the filesystem nor waiting for what is under way */
int mapper_suspend(const char *name)
{
	struct request request = {0};

	return ask(DM_DEV_SUSPEND, name,
		   DM_SUSPEND_FLAG | DM_SKIP_LOCKFS_FLAG | DM_NOFLUSH_FLAG,
		   &request);
}

int mapper_is_suspended(const char *name)
{
	struct request request = {0};
	int ret = ask(DM_DEV_STATUS, name, 0, &request);

	return ret < 0 ? ret : !!(request.head.flags & DM_SUSPEND_FLAG);
}

int mapper_resume(const char *name)
{
	struct request request = {0};

	return ask(DM_DEV_SUSPEND, name, 0, &request);
}

int mapper_remove(const char *name)
{
	struct request request = {0};
	int ret = ask(DM_DEV_REMOVE, name, 0, &request);

	return ret == -ENXIO ? 0 : ret;
}
