/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ring of provided buffers tells the kernel where received data may go. With
 * IORING_REGISTER_PBUF_RING it may lie in memory of the user, which is pinned
 * for writing until it is unregistered. The release does not mark it dirty.
 *
 * What the kernel writes into it are no data: since 6.12, and only for a ring
 * with IOU_PBUF_RING_INC, it advances the address and lowers the length of an
 * entry by what it took from that buffer. Entries that could show a pattern
 * would be no valid ones, so nothing is written here.
 */
#include <errno.h>
#include <liburing.h>
#include <stdint.h>
#include <unistd.h>
#include <gupcheck/worker.h>

#define GROUP 1
/* A ring of 65536 could not be told apart from an empty one */
#define ENTRIES_MAX 32768

struct io_uring_pbuf_ring {
	struct io_uring ring;
	bool ready;
	bool registered;
};

/* A kernel that knows the call misses the group; EINVAL: it does not know it */
static void require_opcode(struct io_uring_pbuf_ring *state)
{
	int ret = io_uring_unregister_buf_ring(&state->ring, GROUP);

	if (ret == -EINVAL)
		worker_skip("this kernel has no IORING_REGISTER_PBUF_RING "
			    "(Linux 5.19)");
	if (ret != -ENOENT)
		worker_broken("a ring that is not there is unregistered: %d",
			      ret);
}

static int open_ring(struct device *dev)
{
	struct io_uring_pbuf_ring *state = device_state(dev);

	must_zero(io_uring_queue_init(4, &state->ring, 0));
	state->ready = true;
	require_opcode(state);
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	struct io_uring_pbuf_ring *state = device_state(dev);
	size_t entries = range->len / sizeof(struct io_uring_buf);
	struct io_uring_buf_reg reg = {
		.ring_addr = (uint64_t)(uintptr_t)range->addr,
		.bgid = GROUP,
	};
	int ret;

	reg.ring_entries =
		(unsigned int)(entries > ENTRIES_MAX ? ENTRIES_MAX : entries);
	ret = io_uring_register_buf_ring(&state->ring, &reg, 0);
	state->registered = !ret;
	return ret;
}

static int unpin(struct device *dev)
{
	struct io_uring_pbuf_ring *state = device_state(dev);

	if (!state->registered)
		return 0;
	state->registered = false;
	return io_uring_unregister_buf_ring(&state->ring, GROUP);
}

static void close_ring(struct device *dev)
{
	struct io_uring_pbuf_ring *state = device_state(dev);

	if (!state->ready)
		return;
	unpin(dev);
	io_uring_queue_exit(&state->ring);
	state->ready = false;
}

static const struct gup_call calls[] = {
	{
		.kernels = ">=6.5",
		.function =
			"io_pin_pages(), io_uring/memmap.c (rsrc.c up to 6.9)",
		.flags = "pin_user_pages_fast: FOLL_WRITE | FOLL_LONGTERM",
	},
	{
		.kernels = "5.19..6.4",
		.function =
			"io_pin_pages(), io_uring/rsrc.c (fs/io_uring.c before)",
		.flags =
			"pin_user_pages: FOLL_WRITE | FOLL_LONGTERM, then a check of its own: EOPNOTSUPP",
	},
	{0},
};

static const int refusals[] = {EFAULT, EOPNOTSUPP, 0};

/* up to 6.4 all pages had to be of one file */
static const int partial_refusals[] = {EINVAL, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EOPNOTSUPP,
		.kernels = "5.19..6.4",
		.cause =
			"the memory is mapped from a file that is neither shmem nor hugetlbfs, shared or private: a check of io_uring itself, after it has pinned the pages",
		.mend = "put the ring into anonymous memory, shmem or hugetlbfs",
	},
	{
		.error = EFAULT,
		.kernels = ">=5.19",
		.cause = "the address of the ring is NULL",
		.mend = "give its address, or let the kernel allocate it (IOU_PBUF_RING_MMAP, since 6.4)",
	},
	{
		.error = EINVAL,
		.kernels = ">=5.19",
		.cause =
			"the address is not that of a page, or the number of entries is no power of two below 65536",
		.mend = "align the ring to a page, see io_uring_register_buf_ring(3)",
	},
	{
		.error = EINVAL,
		.kernels = "5.19..6.4",
		.cause =
			"the ring is in mappings of two files, or of one and none",
		.mend = "put the whole ring into one file, or into anonymous memory",
	},
	{
		.error = EEXIST,
		.kernels = ">=5.19",
		.cause = "the group has buffers already",
		.mend = "take another buffer group, or unregister that one first",
	},
	{0},
};

const struct mechanism mechanism_io_uring_pbuf_ring = {
	.name = "io_uring_pbuf_ring",
	.summary =
		"io_uring ring of provided buffers (IORING_REGISTER_PBUF_RING)",
	.why = "network servers put the ring and the buffers into one block of memory, and that block may be mapped from a file; the kernel then keeps its entries in pages of the file",
	.require =
		"syscall:io_uring_setup@CONFIG_IO_URING & sysctl:kernel.io_uring_disabled=0",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_FAST_PATH | MECH_NO_WRITER,
	.calls = calls,
	.refusals = refusals,
	.partial_refusals = partial_refusals,
	.errnos = errnos,
	.state_size = sizeof(struct io_uring_pbuf_ring),
	.open = open_ring,
	.pin = pin,
	.unpin = unpin,
	.close = close_ring,
};
