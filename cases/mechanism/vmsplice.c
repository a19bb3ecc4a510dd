/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmsplice(2) puts the pages themselves into a pipe, for reading; no copy is
 * made and nothing is ever written through the pipe. It must work everywhere,
 * and neither the pipe nor the file may show anything but what was stored.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include <gupcheck/worker.h>

struct vmsplice {
	int pages[2]; /* the pipe that holds the pages */
	int copy[2]; /* receives them once more, to be read */
};

static void make_pipe(int ends[2], size_t size)
{
	must(pipe2(ends, O_CLOEXEC));
	must(fcntl(ends[1], F_SETPIPE_SZ, (int)size));
}

static int pin(struct device *dev, const struct range *range)
{
	struct vmsplice *state = device_state(dev);
	struct iovec iov = {.iov_base = range->addr, .iov_len = range->len};

	make_pipe(state->pages, range->len);
	make_pipe(state->copy, range->len);
	while (iov.iov_len) {
		ssize_t n =
			vmsplice(state->pages[1], &iov, 1, SPLICE_F_NONBLOCK);

		if (n < 0)
			return -errno;
		iov.iov_base = (char *)iov.iov_base + n;
		iov.iov_len -= (size_t)n;
	}
	return 0;
}

/* tee(2) leaves the pages in the first pipe */
static int device_read(struct device *dev, const struct range *range, void *buf)
{
	struct vmsplice *state = device_state(dev);
	size_t done = 0;

	if (must(tee(state->pages[0], state->copy[1], range->len,
		     SPLICE_F_NONBLOCK)) != (long)range->len)
		return -EIO;
	while (done < range->len)
		done += (size_t)must(read(state->copy[0], (char *)buf + done,
					  range->len - done));
	return 0;
}

static int unpin(struct device *dev)
{
	struct vmsplice *state = device_state(dev);

	for (int i = 0; i < 2; i++) {
		if (state->pages[i])
			close(state->pages[i]);
		if (state->copy[i])
			close(state->copy[i]);
		state->pages[i] = state->copy[i] = 0;
	}
	return 0;
}

static void close_pipes(struct device *dev)
{
	unpin(dev);
}

static const struct gup_call calls[] = {
	{
		.kernels = "*",
		.function = "iter_to_pipe(), fs/splice.c",
		.flags = "get_user_pages_fast: no FOLL_WRITE",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

const struct mechanism mechanism_vmsplice = {
	.name = "vmsplice",
	.summary = "pages in a pipe (vmsplice)",
	.why = "proxies send mapped files through pipes without a copy; the pages are only read",
	.traits =
		MECH_SHORT | MECH_READS_ONLY | MECH_WRITES_HELD | MECH_TYPICAL,
	.calls = calls,
	.refusals = refusals,
	.state_size = sizeof(struct vmsplice),
	.pin = pin,
	.device_read = device_read,
	.unpin = unpin,
	.close = close_pipes,
};
