/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ublk: a block device whose requests a program answers. The program may
 * register memory (UBLK_U_CMD_REG_BUF) that its clients use as the buffers of
 * their requests, so that it finds their data there and nothing is copied.
 *
 * Registering pins the memory, for writing unless it is said to be read only,
 * until it is unregistered or the device is deleted. It came long after GUP had
 * learned to refuse: shared mappings of files fail with EFAULT.
 *
 * The program itself writes what a client reads, through a mapping of its own.
 * So nothing here is written through the pin, and the device need not even be
 * started.
 *
 * A device outlives the process that added it. Each of ours carries a mark and
 * its process in a field that ublk keeps for programs, so that the next one can
 * delete what a killed one left.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <linux/ioctl.h>
#include <linux/types.h>
#include <gupcheck/worker.h>

/* <linux/ublk_cmd.h> is too old on many systems; numbers of its ABI */
struct ublk_command {
	__u32 device;
	__u16 queue;
	__u16 len;
	__u64 addr;
	__u64 data[2];
};

struct ublk_info {
	__u16 queues;
	__u16 depth;
	__u16 state;
	__u16 descriptor_size;
	__u32 max_io;
	__u32 device;
	__s32 pid;
	__u32 pad;
	__u64 flags;
	__u64 mark;
	__u32 uid;
	__u32 gid;
	__u64 reserved[2];
};

struct ublk_buffer {
	__u64 addr;
	__u64 len;
	__u32 flags;
	__u32 reserved;
};

#define GET_INFO _IOR('u', 0x02, struct ublk_command)
#define ADD _IOWR('u', 0x04, struct ublk_command)
#define DELETE _IOWR('u', 0x05, struct ublk_command)
#define REGISTER _IOWR('u', 0x18, struct ublk_command)
#define UNREGISTER _IOWR('u', 0x19, struct ublk_command)
#define FLAG_IOCTL_ENCODE (1ull << 6)
#define FLAG_SHARED_MEMORY (1ull << 19)
#define NO_QUEUE UINT16_MAX
#define ANY_DEVICE UINT32_MAX

#define MARK_SHIFT 32
#define MARK 0x67757063ull /* "gupc" */
#define SWEPT 32

/*
 * struct ublk_state - the mechanism's memory
 * @control: /dev/ublk-control
 * @device: number of the device, valid with @added
 * @buffer: index of the registered memory
 */
struct ublk_state {
	bool opened;
	struct io_uring ring;
	int control;
	bool added;
	uint32_t device;
	int buffer;
};

/* The result of the command, or -errno */
static int command(struct ublk_state *state, unsigned int number,
		   const struct ublk_command *what)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&state->ring);
	struct io_uring_cqe *cqe;
	int ret;

	if (!sqe)
		return -EBUSY;
	/* such an entry has two slots */
	memset(sqe, 0, 2 * sizeof(*sqe));
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = state->control;
	sqe->cmd_op = number;
	memcpy(sqe->cmd, what, sizeof(*what));
	must_zero(io_uring_submit(&state->ring) == 1 ? 0 : -EIO);
	do {
		ret = io_uring_wait_cqe(&state->ring, &cqe);
	} while (ret == -EINTR);
	must_zero(ret);
	ret = cqe->res;
	io_uring_cqe_seen(&state->ring, cqe);
	return ret;
}

static void delete_device(struct ublk_state *state, uint32_t device)
{
	struct ublk_command what = {.device = device, .queue = NO_QUEUE};

	must_zero(command(state, DELETE, &what));
}

static bool is_left_over(const struct ublk_info *info)
{
	pid_t owner = (pid_t)(uint32_t)info->mark;

	return info->mark >> MARK_SHIFT == MARK && kill(owner, 0) < 0 &&
	       errno == ESRCH;
}

static void sweep(struct ublk_state *state)
{
	for (uint32_t device = 0; device < SWEPT; device++) {
		struct ublk_info info = {0};
		struct ublk_command what = {
			.device = device,
			.queue = NO_QUEUE,
			.len = sizeof(info),
			.addr = (uintptr_t)&info,
		};

		if (!command(state, GET_INFO, &what) && is_left_over(&info))
			delete_device(state, device);
	}
}

static void add_device(struct ublk_state *state)
{
	struct ublk_info info = {
		.queues = 1,
		.depth = 1,
		.max_io = (__u32)pattern_page_size(),
		.device = ANY_DEVICE,
		.pid = getpid(),
		.flags = FLAG_IOCTL_ENCODE | FLAG_SHARED_MEMORY,
		.mark = MARK << MARK_SHIFT | (uint32_t)getpid(),
	};
	struct ublk_command what = {
		.device = ANY_DEVICE,
		.queue = NO_QUEUE,
		.len = sizeof(info),
		.addr = (uintptr_t)&info,
	};
	int ret = command(state, ADD, &what);

	/* kernels before 6.4 know none of these numbers */
	if (ret == -EOPNOTSUPP || ret == -ENOTTY)
		worker_skip("ublk of this kernel is too old (%s)",
			    strerror(-ret));
	must_zero(ret);
	state->device = info.device;
	state->added = true;
	if (info.flags & FLAG_SHARED_MEMORY)
		return;
	delete_device(state, state->device);
	worker_skip("ublk of this kernel registers no memory "
		    "(no UBLK_F_SHMEM_ZC)");
}

static int open_ublk(struct device *dev)
{
	struct ublk_state *state = device_state(dev);
	struct io_uring_params params = {.flags = IORING_SETUP_SQE128};

	must_zero(io_uring_queue_init_params(4, &state->ring, &params));
	state->opened = true;
	state->control =
		(int)must(open("/dev/ublk-control", O_RDWR | O_CLOEXEC));
	sweep(state);
	add_device(state);
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	struct ublk_state *state = device_state(dev);
	struct ublk_buffer buffer = {
		.addr = (uintptr_t)range->addr,
		.len = range->len,
	};
	struct ublk_command what = {
		.device = state->device,
		.queue = NO_QUEUE,
		.len = sizeof(buffer),
		.addr = (uintptr_t)&buffer,
	};

	state->buffer = command(state, REGISTER, &what);
	return state->buffer < 0 ? state->buffer : 0;
}

/* When the command has ended the pages are unpinned; it dirties none */
static int unpin(struct device *dev)
{
	struct ublk_state *state = device_state(dev);
	struct ublk_command what = {
		.device = state->device,
		.queue = NO_QUEUE,
		.data = {(__u64)state->buffer},
	};

	return command(state, UNREGISTER, &what);
}

static void close_ublk(struct device *dev)
{
	struct ublk_state *state = device_state(dev);

	if (!state->opened)
		return;
	if (state->added)
		delete_device(state, state->device);
	if (state->control > 0)
		close(state->control);
	io_uring_queue_exit(&state->ring);
	state->opened = false;
}

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EOPNOTSUPP,
		.kernels = "*",
		.cause =
			"the device was added without UBLK_F_SHMEM_ZC, or the kernel does not know the command",
		.mend = "add it with this flag, and look whether the kernel has kept it",
	},
	{
		.error = EEXIST,
		.kernels = "*",
		.cause = "a page of the memory is registered already",
		.mend = "unregister it first (UBLK_U_CMD_UNREG_BUF)",
	},
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"address or length are no whole pages, or it is longer than 4 GiB, or a reserved field is not 0",
		.mend = "register whole pages, in several pieces",
	},
	{0},
};

static const struct gup_call calls[] = {
	{
		.kernels = "7.3",
		.function = "ublk_ctrl_reg_buf(), drivers/block/ublk_drv.c",
		.flags = "pin_user_pages_fast: FOLL_WRITE | FOLL_LONGTERM",
	},
	{0},
};

const struct mechanism mechanism_ublk_buf = {
	.name = "ublk_buf",
	.summary = "memory that a block device in user space shares",
	.why = "Storage in user space takes the data of its clients without a "
	       "copy when both share memory, and that stays pinned as long as "
	       "the device is there. Unregistering dirties nothing: what was "
	       "written to a page that was clean would be lost.",
	.require =
		"root & syscall:io_uring_setup@CONFIG_IO_URING & sysctl:kernel.io_uring_disabled=0 & module:ublk_drv@CONFIG_BLK_DEV_UBLK",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_NO_WRITER |
		  MECH_WRITES_HELD | MECH_FAST_PATH | MECH_ANY_SIZE,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct ublk_state),
	.open = open_ublk,
	.pin = pin,
	.unpin = unpin,
	.close = close_ublk,
};
