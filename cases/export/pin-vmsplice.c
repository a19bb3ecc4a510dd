/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "file.c"
#include "look.c"

#define DEVICE_READS 1

/* The pages themselves lie in a pipe, to be read; nothing is written there */
static struct {
	int pages[2], copy[2];
	char *target;
} in_pipe;

static int pin(char *target)
{
	struct iovec iov = {target, SIZE};

	in_pipe.target = target;
	if (pipe(in_pipe.pages) || pipe(in_pipe.copy) ||
	    fcntl(in_pipe.pages[1], F_SETPIPE_SZ, (int)SIZE) < 0 ||
	    fcntl(in_pipe.copy[1], F_SETPIPE_SZ, (int)SIZE) < 0)
		return -errno;
	while (iov.iov_len) {
		ssize_t n =
			vmsplice(in_pipe.pages[1], &iov, 1, SPLICE_F_NONBLOCK);

		if (n < 0)
			return -errno;
		iov.iov_base = (char *)iov.iov_base + n;
		iov.iov_len -= (size_t)n;
	}
	return 0;
}

/* What any program may do: store, through a mapping of its own */
static int device_write(int content)
{
	int file, ret = 0;
	char *map;

	if (window) {
		memset(in_pipe.target, content, SIZE);
		return 0;
	}
	file = open(PINNED, O_RDWR);
	map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (file < 0 || map == MAP_FAILED)
		return -errno;
	memset(map, content, SIZE);
	if (munmap(map, SIZE) || close(file))
		ret = -errno;
	return ret;
}

/* tee(2) leaves the pages in the first pipe */
static int device_read(void)
{
	static char data[1 << 20];
	size_t done = 0;

	if (tee(in_pipe.pages[0], in_pipe.copy[1], SIZE, SPLICE_F_NONBLOCK) !=
	    (ssize_t)SIZE)
		return -EIO;
	while (done < SIZE) {
		ssize_t n = read(in_pipe.copy[0], data + done, SIZE - done);

		if (n <= 0)
			return n ? -errno : -EIO;
		done += (size_t)n;
	}
	return content_of(data);
}

static int unpin(void)
{
	for (int i = 0; i < 2; i++) {
		close(in_pipe.pages[i]);
		close(in_pipe.copy[i]);
	}
	return 0;
}
