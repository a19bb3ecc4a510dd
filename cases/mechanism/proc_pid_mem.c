/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A write to /proc/PID/mem copies a page from its caller first, then takes the
 * page of the process, stores, makes the page dirty and lets go of it. The page
 * faults when it is write-protected, so the filesystem hears of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <gupcheck/poke.h>
#include <gupcheck/worker.h>

struct proc_pid_mem {
	int fd; /* 0: none */
};

/* Ours is as good as that of another process: the kernel takes the same way */
static int open_memory(struct device *dev)
{
	struct proc_pid_mem *state = device_state(dev);

	state->fd = open("/proc/self/mem", O_WRONLY | O_CLOEXEC);
	if (state->fd < 0 && (errno == EACCES || errno == EPERM))
		worker_skip("/proc/self/mem must not be opened here");
	must(state->fd);
	return 0;
}

static int write_memory(struct device *dev, void *to, const void *from,
			size_t len)
{
	struct proc_pid_mem *state = device_state(dev);

	for (size_t at = 0; at < len;) {
		ssize_t n = pwrite(state->fd, (const char *)from + at, len - at,
				   (off_t)((uintptr_t)to + at));

		if (n <= 0)
			return n ? -errno : -EIO;
		at += (size_t)n;
	}
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	return poke_try(dev, range, write_memory);
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	return write_memory(dev, range->addr, data, range->len);
}

static int unpin(struct device *dev)
{
	return 0;
}

static void close_memory(struct device *dev)
{
	struct proc_pid_mem *state = device_state(dev);

	if (state->fd > 0)
		close(state->fd);
	state->fd = 0;
}

static const struct gup_call calls[] = {
	{
		.kernels = ">=6.12",
		.function = "mem_rw(), fs/proc/base.c",
		.flags =
			"get_user_pages_remote: FOLL_WRITE, FOLL_FORCE where proc_mem.force_override allows it",
	},
	{
		.kernels = "<6.12",
		.function = "mem_rw(), fs/proc/base.c",
		.flags = "get_user_pages_remote: FOLL_WRITE | FOLL_FORCE",
	},
	{0},
};

static const int refusals[] = {EIO, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EIO,
		.kernels = "*",
		.cause =
			"nothing is mapped there, or a shared mapping that is not writable",
		.mend = "look into /proc/PID/maps of the process",
	},
	{
		.error = EIO,
		.kernels = ">=6.12",
		.cause =
			"the mapping is not writable, and proc_mem.force_override lets nobody, or its tracer only, write there",
		.mend = "attach to the process with ptrace(2), or boot with proc_mem.force_override=always",
	},
	{
		.error = EACCES,
		.kernels = "*",
		.cause =
			"the caller may not trace the process, so it may not open the file",
		.mend = "see ptrace(2), access mode checking, and kernel.yama.ptrace_scope",
	},
	{0},
};

const struct mechanism mechanism_proc_pid_mem = {
	.name = "proc_pid_mem",
	.summary = "write to /proc/PID/mem",
	.why = "debuggers and checkpoint tools write large pieces of memory with it, mapped files too; it has to keep working, and what it wrote has to reach the disk",
	.require = "root",
	.traits = MECH_SHORT | MECH_WRITES | MECH_MOMENTARY,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct proc_pid_mem),
	.open = open_memory,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_memory,
};
