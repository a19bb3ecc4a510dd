/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zero copy receive of io_uring: a network card puts what it receives straight
 * into an area of the program (IORING_REGISTER_ZCRX_IFQ), and hands out where.
 *
 * The area is pinned for writing until the ring is gone. It came long after GUP
 * had learned to refuse: shared mappings of files fail with EFAULT.
 *
 * That takes a card that splits headers from data. ZCRX_REG_NODEV registers an
 * area without one, which only what is copied gets into; it is pinned in the
 * same way. Nothing is written here.
 */
#include <errno.h>
#include <liburing.h>
#include <stdint.h>
#include <gupcheck/uring.h>
#include <gupcheck/worker.h>

/* Of <linux/io_uring.h>, which is older on most systems */
#define REGISTER_ZCRX_IFQ 32
#define WITHOUT_DEVICE 2
#define ENTRIES 16

struct region_desc {
	uint64_t user_addr;
	uint64_t size;
	uint32_t flags;
	uint32_t id;
	uint64_t mmap_offset;
	uint64_t reserved[4];
};

struct zcrx_area {
	uint64_t addr;
	uint64_t len;
	uint64_t token;
	uint32_t flags;
	uint32_t dmabuf;
	uint64_t reserved[2];
};

struct zcrx_queue {
	uint32_t device;
	uint32_t queue;
	uint32_t entries;
	uint32_t flags;
	uint64_t area; /* struct zcrx_area */
	uint64_t region; /* struct region_desc */
	uint64_t offsets[4];
	uint32_t id;
	uint32_t buffer_len;
	uint64_t events;
	uint64_t reserved[2];
};

struct io_uring_zcrx {
	struct io_uring ring;
	struct uring_end end;
	bool pinned;
};

static void make_ring(struct io_uring_zcrx *state)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_CQE32 | IORING_SETUP_SINGLE_ISSUER |
			 IORING_SETUP_DEFER_TASKRUN,
	};
	int ret = io_uring_queue_init_params(4, &state->ring, &params);

	if (ret == -EINVAL)
		worker_skip("io_uring of this kernel has no "
			    "IORING_SETUP_DEFER_TASKRUN (Linux 6.1)");
	must_zero(ret);
}

static int register_area(struct io_uring_zcrx *state, uint64_t addr,
			 uint64_t len)
{
	struct zcrx_area area = {.addr = addr, .len = len};
	struct region_desc region = {.size = pattern_page_size()};
	struct zcrx_queue queue = {
		.entries = ENTRIES,
		.flags = WITHOUT_DEVICE,
		.area = (uint64_t)(uintptr_t)&area,
		.region = (uint64_t)(uintptr_t)&region,
	};

	return uring_register(state->ring.ring_fd, REGISTER_ZCRX_IFQ, &queue,
			      1);
}

/*
 * An area at no address is EFAULT for a kernel that takes areas without a
 * device, and EINVAL for one that does not, or that does not know the call.
 */
static int open_probe(struct device *dev)
{
	struct io_uring_zcrx *state = device_state(dev);
	int ret;

	state->end.pipe = -1;
	make_ring(state);
	ret = register_area(state, 0, pattern_page_size());
	io_uring_queue_exit(&state->ring);
	if (ret == -EINVAL || ret == -EOPNOTSUPP)
		worker_skip("this kernel receives without a copy only with a "
			    "network card for it (no ZCRX_REG_NODEV)");
	if (ret != -EFAULT)
		worker_broken("an area at no address is answered with %d", ret);
	return 0;
}

static int close_ring(struct io_uring_zcrx *state)
{
	io_uring_queue_exit(&state->ring);
	state->pinned = false;
	return uring_end_await(&state->end);
}

static int pin(struct device *dev, const struct range *range)
{
	struct io_uring_zcrx *state = device_state(dev);
	int ret;

	uring_end_prepare(&state->end);
	make_ring(state);
	uring_end_watch(&state->end, state->ring.ring_fd);
	ret = register_area(state, (uint64_t)(uintptr_t)range->addr,
			    range->len);
	state->pinned = true;
	if (ret)
		close_ring(state);
	return ret;
}

static int unpin(struct device *dev)
{
	struct io_uring_zcrx *state = device_state(dev);

	return state->pinned ? close_ring(state) : 0;
}

static void close_zcrx(struct device *dev)
{
	struct io_uring_zcrx *state = device_state(dev);

	unpin(dev);
	uring_end_forget(&state->end);
}

static const struct gup_call calls[] = {
	{
		.kernels = "7.3",
		.function =
			"io_import_umem(), io_uring/zcrx.c; io_pin_pages(), io_uring/memmap.c",
		.flags = "pin_user_pages_fast: FOLL_WRITE | FOLL_LONGTERM",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EPERM,
		.kernels = ">=6.15",
		.cause = "the process has no CAP_NET_ADMIN",
		.mend = "give it this capability, or let a process that has it register the area",
	},
	{
		.error = EINVAL,
		.kernels = ">=6.15",
		.cause =
			"the ring was made without IORING_SETUP_DEFER_TASKRUN or without IORING_SETUP_CQE32; the refill ring is smaller than its entries need; the kernel does not know a flag",
		.mend = "make the ring with these flags, and compare the others with the kernel's header",
	},
	{
		.error = ENOMEM,
		.kernels = ">=6.15",
		.cause = "the areas of this user go over RLIMIT_MEMLOCK",
		.mend = "raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=), or give CAP_IPC_LOCK",
	},
	{0},
};

const struct mechanism mechanism_io_uring_zcrx = {
	.name = "io_uring_zcrx",
	.summary = "io_uring area for zero copy receive, without a device",
	.why = "Servers let the network card put what it receives where the "
	       "program wants it. Where that is a file mapped shared, every "
	       "packet would arrive behind the filesystem's back, for as long "
	       "as the ring lives.",
	.require =
		"root & syscall:io_uring_setup@CONFIG_IO_URING & sysctl:kernel.io_uring_disabled=0 & config@CONFIG_IO_URING_ZCRX",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_NO_WRITER |
		  MECH_WRITES_HELD | MECH_FAST_PATH | MECH_LAB,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct io_uring_zcrx),
	.open = open_probe,
	.pin = pin,
	.unpin = unpin,
	.close = close_zcrx,
};
