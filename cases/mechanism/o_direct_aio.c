/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * io_submit(2) of an O_DIRECT read returns when the memory is pinned and the
 * request is on its way; whoever completes it releases the pin and marks the
 * pages dirty, in a context of its own. Here the device is a FUSE server of our
 * own, which answers when told to.
 */
#include <errno.h>
#include <linux/aio_abi.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <gupcheck/held.h>
#include <gupcheck/worker.h>

#define REQUEST_LIMIT_MS 10000

struct o_direct_aio {
	struct held_file device;
	aio_context_t context;
	size_t len;
	bool reading;
	long result;
};

static int open_device(struct device *dev)
{
	struct o_direct_aio *state = device_state(dev);

	must(syscall(SYS_io_setup, 1, &state->context));
	held_file_open(&state->device, dev);
	return 0;
}

/* @limit: NULL: wait for as long as it takes */
static void reap(struct o_direct_aio *state, struct timespec *limit)
{
	struct io_event event;

	if (!state->reading ||
	    must(syscall(SYS_io_getevents, state->context, limit ? 0 : 1, 1,
			 &event, limit)) != 1)
		return;
	state->reading = false;
	state->result = (long)event.res;
}

static bool has_request(void *arg)
{
	struct o_direct_aio *state = arg;
	struct timespec at_once = {0};

	reap(state, &at_once);
	return !state->reading || held_file_asked(&state->device, state->len);
}

static int pin(struct device *dev, const struct range *range)
{
	struct o_direct_aio *state = device_state(dev);
	struct iocb request = {
		.aio_lio_opcode = IOCB_CMD_PREAD,
		.aio_fildes = (uint32_t)state->device.fd,
		.aio_buf = (uint64_t)(uintptr_t)range->addr,
		.aio_nbytes = range->len,
	};
	struct iocb *requests[] = {&request};
	int ret;

	state->len = range->len;
	if (syscall(SYS_io_submit, state->context, 1, requests) != 1)
		return -errno;
	state->reading = true;
	ret = worker_await(has_request, state, "the read request",
			   REQUEST_LIMIT_MS);
	if (ret)
		return ret;
	if (!state->reading)
		return state->result < 0 ? (int)state->result : -EIO;
	return 0;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct o_direct_aio *state = device_state(dev);

	held_file_answer(&state->device, data);
	reap(state, NULL);
	if (state->result < 0)
		return (int)state->result;
	return state->result == (long)range->len ? 0 : -EIO;
}

static int unpin(struct device *dev)
{
	struct o_direct_aio *state = device_state(dev);

	held_file_answer(&state->device, NULL);
	reap(state, NULL);
	return 0;
}

static void close_device(struct device *dev)
{
	struct o_direct_aio *state = device_state(dev);

	held_file_close(&state->device);
	if (state->context)
		syscall(SYS_io_destroy, state->context);
	state->context = 0;
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
	{
		.error = EAGAIN,
		.kernels = "*",
		.cause = "there is no room in the context for another request",
		.mend = "collect events first, or make it larger: io_setup(2)",
	},
	{0},
};

const struct mechanism mechanism_o_direct_aio = {
	.name = "o_direct_aio",
	.summary = "O_DIRECT read by io_submit, held by a FUSE server",
	.why = "databases read with libaio; the pin outlives the call, and its pages are made dirty by whoever completes the request, not by the reader",
	.require =
		"root & config@CONFIG_AIO & module:fuse@CONFIG_FUSE_FS & device:/dev/fuse@CONFIG_FUSE_FS",
	.traits = MECH_SHORT | MECH_HELD | MECH_WRITES,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct o_direct_aio),
	.open = open_device,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_device,
};
