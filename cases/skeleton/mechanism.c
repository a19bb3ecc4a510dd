/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pins here, in which kernels that went wrong, which commit or thread
 * tells more.
 */
#include <errno.h>
#include <gupcheck/worker.h>

/* What device_state() returns; zeroed before open() */
struct NAME {
	struct range range;
};

/* Get the device, without memory; worker_skip() when it cannot be had here */
static int open_NAME(struct device *dev)
{
	return 0;
}

/* Take the pin or return -errno, nothing else; must() is for everything else */
static int pin(struct device *dev, const struct range *range)
{
	struct NAME *state = device_state(dev);

	state->range = *range;
	return -EFAULT;
}

/* The device side writes @data; return when it has completed */
static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	return -EIO;
}

/* Release the pin; return when the kernel has let go of the pages */
static int unpin(struct device *dev)
{
	return 0;
}

/* Safe after any failure */
static void close_NAME(struct device *dev)
{
}

static const struct gup_call calls[] = {
	{
		.kernels = "*",
		.function = "function(), file.c",
		.flags = "pin_user_pages: FOLL_WRITE | FOLL_LONGTERM",
	},
	{0},
};

/* Which errnos of pin() mean "not this kind of memory" */
static const int refusals[] = {EFAULT, 0};

/* What else pin() fails with, for `gupcheck explain ERRNO`; drop it if nothing
 */
static const struct pin_errno errnos[] = {
	{
		.error = ENOMEM,
		.kernels = "*",
		.cause = "what is wrong",
		.mend = "what to do about it",
	},
	{0},
};

const struct mechanism mechanism_NAME = {
	.name = "NAME",
	.summary = "one line without a full stop",
	.why = "who uses it in earnest, and what goes wrong there",
	.require = "root",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct NAME),
	.open = open_NAME,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_NAME,
};
