/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An O_DIRECT read pins the memory that it reads into for as long as the device
 * takes. Here the device is a FUSE server of our own: it answers the read when
 * told to, and its answer is the device write. The read then completes and the
 * pin is gone.
 */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>
#include <gupcheck/held.h>
#include <gupcheck/worker.h>

#define REQUEST_LIMIT_MS 10000

struct o_direct {
	struct held_file device;
	struct range range;
	pthread_t reader;
	bool reading;
	ssize_t result;
	int error;
};

static int open_device(struct device *dev)
{
	struct o_direct *state = device_state(dev);

	held_file_open(&state->device, dev);
	return 0;
}

static void *read_device(void *arg)
{
	struct o_direct *state = arg;

	state->result =
		pread(state->device.fd, state->range.addr, state->range.len, 0);
	state->error = state->result < 0 ? errno : 0;
	return NULL;
}

static bool has_request(void *arg)
{
	struct o_direct *state = arg;

	if (!pthread_tryjoin_np(state->reader, NULL)) {
		state->reading = false;
		return true;
	}
	return held_file_asked(&state->device, state->range.len);
}

static int pin(struct device *dev, const struct range *range)
{
	struct o_direct *state = device_state(dev);
	int ret;

	state->range = *range;
	must_thread(&state->reader, read_device, state);
	state->reading = true;
	ret = worker_await(has_request, state, "the read request",
			   REQUEST_LIMIT_MS);
	if (ret)
		return ret;
	if (!state->reading)
		return state->error ? -state->error : -EIO;
	return 0;
}

static void await_reader(struct o_direct *state)
{
	if (state->reading)
		must_zero(-pthread_join(state->reader, NULL));
	state->reading = false;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct o_direct *state = device_state(dev);

	held_file_answer(&state->device, data);
	await_reader(state);
	if (state->error)
		return -state->error;
	return state->result == (ssize_t)range->len ? 0 : -EIO;
}

static int unpin(struct device *dev)
{
	struct o_direct *state = device_state(dev);

	held_file_answer(&state->device, NULL);
	await_reader(state);
	return 0;
}

static void close_device(struct device *dev)
{
	struct o_direct *state = device_state(dev);

	held_file_close(&state->device);
	await_reader(state);
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

const struct mechanism mechanism_o_direct = {
	.name = "o_direct",
	.summary = "O_DIRECT pread into the mapping, held by a FUSE server",
	.why = "databases and copy tools read from one file straight into the mapping of another; a slow disk holds the pin for as long as it likes",
	.require =
		"root & module:fuse@CONFIG_FUSE_FS & device:/dev/fuse@CONFIG_FUSE_FS",
	.traits = MECH_SHORT | MECH_HELD | MECH_WRITES | MECH_TYPICAL,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct o_direct),
	.open = open_device,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_device,
};
