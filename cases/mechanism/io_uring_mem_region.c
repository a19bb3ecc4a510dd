/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A memory region holds parameters that the kernel would have to copy at every
 * wait (IORING_REGISTER_MEM_REGION, struct io_uring_reg_wait). It may lie in
 * memory of the user, which is then pinned, for writing although the kernel
 * only reads it, until the ring is gone: there is no call that unregisters it.
 * The release does not mark it dirty.
 */
#include <errno.h>
#include <liburing.h>
#include <stdint.h>
#include <unistd.h>
#include <gupcheck/uring.h>
#include <gupcheck/worker.h>

/* Of <linux/io_uring.h>, which is older here and there */
#define REGISTER_MEM_REGION 34
#define REGION_OF_USER 1

struct region_desc {
	uint64_t user_addr;
	uint64_t size;
	uint32_t flags;
	uint32_t id;
	uint64_t mmap_offset;
	uint64_t reserved[4];
};

struct region_reg {
	uint64_t region; /* struct region_desc */
	uint64_t flags;
	uint64_t reserved[2];
};

struct io_uring_mem_region {
	struct io_uring ring;
	struct uring_end end;
	bool pinned;
};

static int register_region(struct io_uring_mem_region *state, uint64_t addr,
			   uint64_t len)
{
	struct region_desc desc = {
		.user_addr = addr,
		.size = len,
		.flags = REGION_OF_USER,
	};
	struct region_reg reg = {.region = (uint64_t)(uintptr_t)&desc};

	return uring_register(state->ring.ring_fd, REGISTER_MEM_REGION, &reg,
			      1);
}

/*
 * A region of the user at no address is EFAULT for a kernel that knows regions,
 * and EINVAL for one that does not know the call.
 */
static int open_probe(struct device *dev)
{
	struct io_uring_mem_region *state = device_state(dev);
	int ret;

	state->end.pipe = -1;
	must_zero(io_uring_queue_init(4, &state->ring, 0));
	ret = register_region(state, 0, pattern_page_size());
	io_uring_queue_exit(&state->ring);
	if (ret == -EINVAL)
		worker_skip("this kernel has no IORING_REGISTER_MEM_REGION "
			    "(Linux 6.13)");
	if (ret != -EFAULT)
		worker_broken("a region at no address is answered with %d",
			      ret);
	return 0;
}

static int close_ring(struct io_uring_mem_region *state)
{
	io_uring_queue_exit(&state->ring);
	state->pinned = false;
	return uring_end_await(&state->end);
}

static int pin(struct device *dev, const struct range *range)
{
	struct io_uring_mem_region *state = device_state(dev);
	int ret;

	uring_end_prepare(&state->end);
	must_zero(io_uring_queue_init(4, &state->ring, 0));
	uring_end_watch(&state->end, state->ring.ring_fd);
	ret = register_region(state, (uint64_t)(uintptr_t)range->addr,
			      range->len);
	state->pinned = true;
	if (ret)
		close_ring(state);
	return ret;
}

static int unpin(struct device *dev)
{
	struct io_uring_mem_region *state = device_state(dev);

	return state->pinned ? close_ring(state) : 0;
}

static void close_region(struct device *dev)
{
	struct io_uring_mem_region *state = device_state(dev);

	unpin(dev);
	uring_end_forget(&state->end);
}

static const struct gup_call calls[] = {
	{
		.kernels = ">=6.13",
		.function =
			"io_create_region(), io_pin_pages(), io_uring/memmap.c",
		.flags = "pin_user_pages_fast: FOLL_WRITE | FOLL_LONGTERM",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EFAULT,
		.kernels = ">=6.13",
		.cause =
			"user_addr is given without IORING_MEM_REGION_TYPE_USER, or that without user_addr",
		.mend = "set both, or neither and map what the kernel allocates",
	},
	{
		.error = EINVAL,
		.kernels = ">=6.13",
		.cause =
			"address and size are not those of whole pages, or wait arguments are registered with a ring that is enabled already",
		.mend = "align them, and make the ring with IORING_SETUP_R_DISABLED",
	},
	{
		.error = EBUSY,
		.kernels = ">=6.13",
		.cause = "the ring has a region already",
		.mend = "make a new ring for another one",
	},
	{
		.error = ENOMEM,
		.kernels = ">=6.13",
		.cause = "the regions of this user go over RLIMIT_MEMLOCK",
		.mend = "raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=), or give CAP_IPC_LOCK",
	},
	{0},
};

const struct mechanism mechanism_io_uring_mem_region = {
	.name = "io_uring_mem_region",
	.summary =
		"io_uring memory region (IORING_REGISTER_MEM_REGION) of the user",
	.why = "a program that keeps its wait arguments in memory mapped from a file has that pinned for as long as the ring lives, for writing although nobody writes",
	.require =
		"syscall:io_uring_setup@CONFIG_IO_URING & sysctl:kernel.io_uring_disabled=0",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_FAST_PATH | MECH_NO_WRITER,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct io_uring_mem_region),
	.open = open_probe,
	.pin = pin,
	.unpin = unpin,
	.close = close_region,
};
