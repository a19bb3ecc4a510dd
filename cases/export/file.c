/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PAGE ((size_t)sysconf(_SC_PAGESIZE))
#define SIZE (16 * PAGE)
#define PINNED "mnt/pinned"
#define OTHER "mnt/other"

/* What fills a file */
enum { OLD = 'O', NEW = 'N', FOREIGN = 'X' };

static char *window; /* the pinned file is mapped here, one page lies behind */
static int fd = -1; /* the pinned file, while it is open */

static int sync_mount(void)
{
	int dir = open("mnt", O_RDONLY | O_DIRECTORY);
	int ret = dir < 0 || syncfs(dir) ? -errno : 0;

	if (dir >= 0)
		close(dir);
	return ret;
}

static int create(const char *path, int content)
{
	int file = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	char data[SIZE];
	int ret = 0;

	memset(data, content, SIZE);
	if (file < 0 || pwrite(file, data, SIZE, 0) != (ssize_t)SIZE ||
	    fsync(file))
		ret = errno ? -errno : -EIO;
	if (file >= 0)
		close(file);
	return ret ? ret : sync_mount();
}
