/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <gupcheck/uring.h>

#define END_LIMIT_MS 20000
/* others may pin at the same time: then nothing is to be learned from it */
#define PINS_TRIES 100
#define PINS_PAUSE_NS 5000000

int uring_register(int ring, unsigned int opcode, void *arg, unsigned int count)
{
	long ret = syscall(SYS_io_uring_register, ring, opcode, arg, count);

	return ret < 0 ? -errno : (int)ret;
}

/* Each processor counts for itself: a read of stat_refresh adds that up */
static void refresh_statistics(void)
{
	int fd = open("/proc/sys/vm/stat_refresh", O_RDONLY | O_CLOEXEC);
	char byte;

	while (fd >= 0 && read(fd, &byte, 1) > 0)
		;
	if (fd >= 0)
		close(fd);
}

static long pinned_pages(void)
{
	long acquired = -1, released = -1, value;
	FILE *file;
	char line[128];

	refresh_statistics();
	file = fopen("/proc/vmstat", "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "nr_foll_pin_acquired %ld", &value) == 1)
			acquired = value;
		else if (sscanf(line, "nr_foll_pin_released %ld", &value) == 1)
			released = value;
	}
	if (file)
		fclose(file);
	return acquired < 0 || released < 0 ? -1 : acquired - released;
}

void uring_end_prepare(struct uring_end *end)
{
	end->pipe = -1;
	end->pinned = pinned_pages();
}

void uring_end_watch(struct uring_end *end, int ring)
{
	int ends[2];

	must(pipe2(ends, O_CLOEXEC | O_NONBLOCK));
	end->pipe = ends[0];
	must_zero(uring_register(ring, IORING_REGISTER_FILES, &ends[1], 1));
	close(ends[1]);
}

static bool has_hung_up(void *arg)
{
	struct uring_end *end = arg;
	struct pollfd pipe = {.fd = end->pipe};

	return poll(&pipe, 1, 0) > 0;
}

int uring_end_await(struct uring_end *end)
{
	struct timespec pause = {.tv_nsec = PINS_PAUSE_NS};
	int ret;

	if (end->pipe < 0)
		return 0;
	ret = worker_await(has_hung_up, end, "the end of the ring",
			   END_LIMIT_MS);
	for (int i = 0; !ret && i < PINS_TRIES; i++) {
		if (end->pinned < 0 || pinned_pages() <= end->pinned)
			break;
		nanosleep(&pause, NULL);
	}
	uring_end_forget(end);
	return ret;
}

void uring_end_forget(struct uring_end *end)
{
	if (end->pipe > 0)
		close(end->pipe);
	end->pipe = -1;
}
