/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "kernel/root.h"

#define FIRST_SIZE 4096
#define LARGEST_SIZE (64u << 20)

/* openat(2) and its kin ignore the directory when the path is absolute */
static const char *below(int root, const char *path)
{
	if (root == ROOT_REAL)
		return path;
	while (*path == '/')
		path++;
	return *path ? path : ".";
}

int root_open(int root, const char *path)
{
	int fd = openat(root, below(root, path), O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* The sizes of /proc and /sys files are not known before they are read. */
static int read_all(int fd, char **ret)
{
	cleanup_free char *text = NULL;
	size_t size = FIRST_SIZE, used = 0;

	for (;;) {
		char *larger = realloc(text, size);
		ssize_t got;

		if (!larger)
			return -ENOMEM;
		text = larger;
		got = read(fd, text + used, size - used - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		used += (size_t)got;
		text[used] = '\0';
		if (!got)
			break;
		if (used + 1 == size)
			size *= 2;
		if (size > LARGEST_SIZE)
			return -EFBIG;
	}
	*ret = take_pointer(text);
	return 0;
}

int root_read(int root, const char *path, char **ret)
{
	cleanup_close int fd = root_open(root, path);

	return fd < 0 ? fd : read_all(fd, ret);
}

int root_read_line(int root, const char *path, char *buffer, size_t size)
{
	cleanup_free char *text = NULL;
	size_t len;
	int ret = root_read(root, path, &text);

	if (ret < 0)
		return ret;
	len = strcspn(text, "\n");
	if (len >= size)
		return -EOVERFLOW;
	memcpy(buffer, text, len);
	buffer[len] = '\0';
	return 0;
}

int root_mode(int root, const char *path, mode_t *ret)
{
	struct stat status;

	if (fstatat(root, below(root, path), &status, 0) < 0)
		return -errno;
	*ret = status.st_mode;
	return 0;
}

int root_executable(int root, const char *path)
{
	mode_t mode;
	int ret = root_mode(root, path, &mode);

	if (ret < 0)
		return ret;
	if (!S_ISREG(mode))
		return -EACCES;
	if (faccessat(root, below(root, path), X_OK, AT_EACCESS) < 0)
		return -errno;
	return 0;
}
