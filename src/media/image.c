/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "media/command.h"
#include "media/image.h"

#define BLOCK 65536

static bool is_zero(const char *bytes, size_t len)
{
	return !bytes[0] && !memcmp(bytes, bytes + 1, len - 1);
}

/* mkfs writes long runs of zeroes (an empty log); each copy would carry them */
static int punch_zeroes(int fd, off_t size)
{
	cleanup_free char *buf = malloc(BLOCK);

	if (!buf)
		return -ENOMEM;
	for (off_t at = 0; at < size;) {
		off_t data = lseek(fd, at, SEEK_DATA);
		ssize_t n;

		if (data < 0)
			return errno == ENXIO ? 0 : -errno;
		at = data - data % BLOCK;
		n = pread(fd, buf, BLOCK, at);
		if (n < 0)
			return -errno;
		if (n == BLOCK && is_zero(buf, BLOCK) &&
		    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			      at, BLOCK) < 0)
			return -errno;
		at += BLOCK;
	}
	return 0;
}

static int make_template(const struct filesystem *filesystem, const char *path,
			 struct error *error)
{
	cleanup_close int fd =
		open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int ret;

	if (fd < 0)
		return error_set(error, -errno, "%s: cannot be made:", path);
	if (ftruncate(fd, filesystem->image_size) < 0)
		return error_set(error, -errno, "%s: no room:", path);
	ret = command_run(filesystem->mkfs, path, error);
	if (ret < 0)
		return ret;
	ret = punch_zeroes(fd, filesystem->image_size);
	return ret < 0 ? error_set(error, ret,
				   "%s: cannot make it sparse:", path)
		       : 0;
}

int image_template(const struct filesystem *filesystem, const char *workdir,
		   char *ret_path, size_t size, struct error *error)
{
	char fresh[4096];
	struct stat st;
	int ret;

	snprintf(ret_path, size, "%s/%s.template", workdir, filesystem->name);
	if (!stat(ret_path, &st))
		return 0;
	snprintf(fresh, sizeof(fresh), "%s/%s.fresh", workdir,
		 filesystem->name);
	ret = make_template(filesystem, fresh, error);
	if (!ret && rename(fresh, ret_path) < 0)
		ret = error_set(error, -errno, "%s: cannot be renamed:", fresh);
	if (ret < 0)
		unlink(fresh);
	return ret;
}

static int copy_data(int from, int to, off_t size)
{
	for (off_t at = 0; at < size;) {
		off_t data = lseek(from, at, SEEK_DATA);
		off_t hole;

		if (data < 0)
			return errno == ENXIO ? 0 : -errno;
		hole = lseek(from, data, SEEK_HOLE);
		if (hole < 0)
			return -errno;
		for (at = data; at < hole;) {
			static char buf[BLOCK];
			size_t piece =
				hole - at < BLOCK ? (size_t)(hole - at) : BLOCK;
			ssize_t n = pread(from, buf, piece, at);

			if (n <= 0)
				return n < 0 ? -errno : -EIO;
			if (pwrite(to, buf, (size_t)n, at) != n)
				return errno ? -errno : -EIO;
			at += n;
		}
	}
	return 0;
}

int image_copy(const char *from, const char *to)
{
	cleanup_close int in = open(from, O_RDONLY | O_CLOEXEC);
	cleanup_close int out =
		open(to, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct stat st;
	int ret;

	if (in < 0 || out < 0 || fstat(in, &st) < 0 ||
	    ftruncate(out, st.st_size) < 0)
		return -errno;
	ret = copy_data(in, out, st.st_size);
	return ret < 0 ? ret : take_fd(&out);
}
