/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "base/cleanup.h"
#include "base/clock.h"
#include "media/image-pack.h"
#include "runner/image-take.h"
#include "runner/supervise.h"

/* Milliseconds between two looks at the clock */
#define TICK_MS 100
/* One that does not die when it is killed is left behind after that */
#define KILL_LIMIT_S 2

/** struct packing - the process that packs, and the pipe from it */
struct packing {
	const struct image_source *source;
	const struct image_sink *sink;
	int pipe;
	pid_t pid;
	double end;
	uint64_t bytes;
};

/* Its exit status is the errno that it met */
static _Noreturn void become_packer(const char *path, int pipe, pid_t parent)
{
	int image;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "gupcheck-pack");
	if (getppid() != parent)
		_exit(EPIPE);
	image = open(path, O_RDONLY | O_CLOEXEC);
	_exit(image < 0 ? errno : -image_pack(image, pipe));
}

static int start(struct packing *packing)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	packing->pid = fork();
	if (!packing->pid)
		become_packer(packing->source->path, ends[1], parent);
	fd_close(ends[1]);
	packing->pipe = ends[0];
	return packing->pid < 0 ? -errno : 0;
}

/* The status that it ended with, or -ETIMEDOUT */
static int bury(struct packing *packing)
{
	double end = clock_seconds() + KILL_LIMIT_S;
	int status;

	while (waitpid(packing->pid, &status, WNOHANG) != packing->pid) {
		if (clock_seconds() > end)
			return -ETIMEDOUT;
		poll(NULL, 0, 1);
	}
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EPIPE;
}

/* 1 while there is more to come, 0 at the end, or -errno */
static int move_piece(struct packing *packing)
{
	struct pollfd input = {.fd = packing->pipe, .events = POLLIN};
	char piece[IMAGE_PIECE];
	ssize_t n;
	int ret;

	if (interrupted())
		return -EINTR;
	if (clock_seconds() > packing->end)
		return -ETIME;
	if (poll(&input, 1, TICK_MS) <= 0)
		return 1;
	n = read(packing->pipe, piece, sizeof(piece));
	if (n <= 0)
		return n < 0 ? -errno : 0;
	packing->bytes += (uint64_t)n;
	if (packing->bytes > packing->source->bytes_max)
		return -EFBIG;
	ret = packing->sink->add(packing->sink->arg, piece, (size_t)n);
	return ret < 0 ? ret : 1;
}

static int explain(const struct image_source *source, int ret,
		   struct error *error)
{
	if (ret == -EFBIG)
		return error_set(
			error, ret,
			"not kept: packed it has more than %llu KiB, the limit",
			(unsigned long long)source->bytes_max / 1024);
	if (ret == -ETIME)
		return error_set(
			error, ret,
			"not kept: packing it took more than %.0f seconds, the limit",
			source->limit_s);
	return error_set(error, ret, "not kept:");
}

int image_take(const struct image_source *source, const struct image_sink *sink,
	       uint64_t *ret_bytes, struct error *error)
{
	struct packing packing = {
		.source = source,
		.sink = sink,
		.pipe = -1,
		.end = clock_seconds() + source->limit_s,
	};
	int ret = start(&packing), status;

	if (ret < 0)
		return explain(source, ret, error);
	do
		ret = move_piece(&packing);
	while (ret > 0);
	fd_close(packing.pipe);
	if (ret < 0)
		kill(packing.pid, SIGKILL);
	status = bury(&packing);
	if (!ret)
		ret = status;
	*ret_bytes = packing.bytes;
	return ret < 0 ? explain(source, ret, error) : 0;
}
