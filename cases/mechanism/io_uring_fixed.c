/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registered (fixed) buffers are pinned until they are unregistered. Up to 6.4
 * io_uring looked at the pages' mappings itself and refused files other than
 * shmem and hugetlbfs with EOPNOTSUPP, after pinning them; since 6.5 it leaves
 * the question to GUP, which answers EFAULT. The release does not mark anything
 * dirty.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <gupcheck/worker.h>

struct io_uring_fixed {
	struct io_uring ring;
	bool ready;
	int file;
};

/* The device: a file on a tmpfs, which the ring reads from and writes to */
static int open_ring(struct device *dev)
{
	struct io_uring_fixed *uring = device_state(dev);

	uring->file = (int)must(open(device_workdir(dev),
				     O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
	must_zero(io_uring_queue_init(4, &uring->ring, 0));
	uring->ready = true;
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	struct io_uring_fixed *uring = device_state(dev);
	struct iovec iov = {.iov_base = range->addr, .iov_len = range->len};

	/* liburing hands back the error; errno means nothing here */
	return io_uring_register_buffers(&uring->ring, &iov, 1);
}

static int complete(struct io_uring_fixed *uring, size_t len)
{
	struct io_uring_cqe *cqe;
	int ret;

	must_zero(io_uring_submit(&uring->ring) == 1 ? 0 : -EIO);
	must_zero(io_uring_wait_cqe(&uring->ring, &cqe));
	ret = cqe->res == (int)len ? 0 : cqe->res < 0 ? cqe->res : -EIO;
	io_uring_cqe_seen(&uring->ring, cqe);
	return ret;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct io_uring_fixed *uring = device_state(dev);
	struct io_uring_sqe *sqe = io_uring_get_sqe(&uring->ring);

	if (must(pwrite(uring->file, data, range->len, 0)) != (long)range->len)
		return -EIO;
	io_uring_prep_read_fixed(sqe, uring->file, range->addr,
				 (unsigned int)range->len, 0, 0);
	return complete(uring, range->len);
}

static int device_read(struct device *dev, const struct range *range, void *buf)
{
	struct io_uring_fixed *uring = device_state(dev);
	struct io_uring_sqe *sqe = io_uring_get_sqe(&uring->ring);
	int ret;

	io_uring_prep_write_fixed(sqe, uring->file, range->addr,
				  (unsigned int)range->len, 0, 0);
	ret = complete(uring, range->len);
	if (ret)
		return ret;
	return must(pread(uring->file, buf, range->len, 0)) == (long)range->len
		       ? 0
		       : -EIO;
}

static int unpin(struct device *dev)
{
	struct io_uring_fixed *uring = device_state(dev);

	return io_uring_unregister_buffers(&uring->ring);
}

static void close_ring(struct device *dev)
{
	struct io_uring_fixed *uring = device_state(dev);

	if (!uring->ready)
		return;
	io_uring_queue_exit(&uring->ring);
	close(uring->file);
	uring->ready = false;
}

static const struct gup_call calls[] = {
	{
		.kernels = ">=6.5",
		.function =
			"io_pin_pages(), io_uring/memmap.c (rsrc.c up to 6.9)",
		.flags = "pin_user_pages_fast: FOLL_WRITE | FOLL_LONGTERM",
	},
	{
		.kernels = "5.10..6.4",
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
		.kernels = "5.10..6.4",
		.cause =
			"the memory is mapped from a file that is neither shmem nor hugetlbfs, shared or private: a check of io_uring itself, after it has pinned the pages",
		.mend = "register anonymous memory, shmem or hugetlbfs",
	},
	{
		.error = EINVAL,
		.kernels = "5.10..6.4",
		.cause =
			"the buffer spans mappings of different files, or anonymous and file memory",
		.mend = "register each mapping as a buffer of its own",
	},
	{
		.error = EFAULT,
		.kernels = "*",
		.cause =
			"the address of the buffer is NULL, or the buffer is longer than 1 GiB",
		.mend = "register several buffers of at most 1 GiB",
	},
	{
		.error = EFAULT,
		.kernels = "*",
		.cause =
			"not the registration but a READ_FIXED or WRITE_FIXED failed: address and length are not within the registered buffer",
		.mend = "compare them with the iovec at that buf_index",
	},
	{
		.error = ENOMEM,
		.kernels = "*",
		.cause = "the buffers of this user go over RLIMIT_MEMLOCK",
		.mend = "raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=), or give CAP_IPC_LOCK",
	},
	{0},
};

const struct mechanism mechanism_io_uring_fixed = {
	.name = "io_uring_fixed",
	.summary = "io_uring fixed buffers (IORING_REGISTER_BUFFERS)",
	.why = "storage engines register their buffer pool once, and some map that pool from a file; every READ_FIXED then writes to its pages unannounced",
	.require =
		"syscall:io_uring_setup@CONFIG_IO_URING & sysctl:kernel.io_uring_disabled=0",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD |
		  MECH_FAST_PATH | MECH_ANY_START | MECH_ANY_SIZE,
	.calls = calls,
	.refusals = refusals,
	.partial_refusals = partial_refusals,
	.errnos = errnos,
	.state_size = sizeof(struct io_uring_fixed),
	.open = open_ring,
	.pin = pin,
	.device_write = device_write,
	.device_read = device_read,
	.unpin = unpin,
	.close = close_ring,
};
