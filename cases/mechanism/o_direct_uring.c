/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An asynchronous O_DIRECT read of io_uring, into memory that is not
 * registered: a short-term pin that outlives the call. Here the device is a
 * FUSE server of our own, which answers when told to.
 */
#include <errno.h>
#include <liburing.h>
#include <unistd.h>
#include <gupcheck/held.h>
#include <gupcheck/worker.h>

#define REQUEST_LIMIT_MS 10000

struct o_direct_uring {
	struct held_file device;
	struct io_uring ring;
	bool ready;
	size_t len;
	bool reading;
	int result;
};

static int open_device(struct device *dev)
{
	struct o_direct_uring *state = device_state(dev);

	held_file_open(&state->device, dev);
	must_zero(io_uring_queue_init(4, &state->ring, 0));
	state->ready = true;
	return 0;
}

static void reap(struct o_direct_uring *state, bool wait)
{
	struct io_uring_cqe *cqe;
	int ret;

	if (!state->reading)
		return;
	ret = wait ? io_uring_wait_cqe(&state->ring, &cqe)
		   : io_uring_peek_cqe(&state->ring, &cqe);
	if (!wait && ret == -EAGAIN)
		return;
	must_zero(ret);
	state->reading = false;
	state->result = cqe->res;
	io_uring_cqe_seen(&state->ring, cqe);
}

static bool has_request(void *arg)
{
	struct o_direct_uring *state = arg;

	reap(state, false);
	return !state->reading || held_file_asked(&state->device, state->len);
}

static int pin(struct device *dev, const struct range *range)
{
	struct o_direct_uring *state = device_state(dev);
	struct io_uring_sqe *sqe = io_uring_get_sqe(&state->ring);
	int ret;

	state->len = range->len;
	io_uring_prep_read(sqe, state->device.fd, range->addr,
			   (unsigned int)range->len, 0);
	must_zero(io_uring_submit(&state->ring) == 1 ? 0 : -EIO);
	state->reading = true;
	ret = worker_await(has_request, state, "the read request",
			   REQUEST_LIMIT_MS);
	if (ret)
		return ret;
	if (!state->reading)
		return state->result < 0 ? state->result : -EIO;
	return 0;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct o_direct_uring *state = device_state(dev);

	held_file_answer(&state->device, data);
	reap(state, true);
	if (state->result < 0)
		return state->result;
	return state->result == (int)range->len ? 0 : -EIO;
}

static int unpin(struct device *dev)
{
	struct o_direct_uring *state = device_state(dev);

	held_file_answer(&state->device, NULL);
	reap(state, true);
	return 0;
}

static void close_device(struct device *dev)
{
	struct o_direct_uring *state = device_state(dev);

	held_file_close(&state->device);
	if (state->ready)
		io_uring_queue_exit(&state->ring);
	state->ready = false;
}

static const struct gup_call calls[] = {
	{
		.kernels = ">=6.5",
		.function =
			"fuse_get_user_pages(), fs/fuse/file.c; bio_iov_iter_get_pages(), block/bio.c for disks",
		.flags =
			"iov_iter_extract_pages: FOLL_WRITE | FOLL_PIN (FUSE: FOLL_GET up to 6.11)",
	},
	{
		.kernels = "5.10..6.4",
		.function =
			"fuse_get_user_pages(), fs/fuse/file.c; bio_iov_iter_get_pages(), block/bio.c for disks",
		.flags = "iov_iter_get_pages: FOLL_WRITE | FOLL_GET",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"address, offset or length is not aligned as the file needs it for O_DIRECT",
		.mend = "align them to the logical block size, see open(2), O_DIRECT",
	},
	{0},
};

const struct mechanism mechanism_o_direct_uring = {
	.name = "o_direct_uring",
	.summary = "O_DIRECT read by io_uring, held by a FUSE server",
	.why = "the way to read asynchronously now, for those who do not register their buffers; the pin outlives the call and is released by whoever completes the request",
	.require =
		"root & syscall:io_uring_setup@CONFIG_IO_URING & sysctl:kernel.io_uring_disabled=0 & module:fuse@CONFIG_FUSE_FS & device:/dev/fuse@CONFIG_FUSE_FS",
	.traits = MECH_SHORT | MECH_HELD | MECH_WRITES,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct o_direct_uring),
	.open = open_device,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_device,
};
