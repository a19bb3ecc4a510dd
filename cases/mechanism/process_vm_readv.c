/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process_vm_readv(2) pins the source for reading, then copies. When the
 * destination is a page that userfaultfd holds back, the source stays pinned
 * for as long as we like. Nothing is written through it: it must be accepted
 * everywhere, and what is stored meanwhile must get to the disk.
 */
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <gupcheck/vm-copy.h>
#include <gupcheck/worker.h>

static int open_copy(struct device *dev)
{
	struct vm_copy *copy = device_state(dev);

	copy->call = process_vm_readv;
	vm_copy_open(copy);
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	return vm_copy_begin(device_state(dev), range);
}

/* What the pin sees is known when the call has ended: the next one follows */
static int device_read(struct device *dev, const struct range *range, void *buf)
{
	struct vm_copy *copy = device_state(dev);
	int ret = vm_copy_end(copy, NULL);

	if (ret)
		return ret;
	memcpy(buf, copy->gate, range->len);
	vm_copy_release(copy);
	return vm_copy_begin(copy, range);
}

static int unpin(struct device *dev)
{
	struct vm_copy *copy = device_state(dev);
	int ret = vm_copy_end(copy, NULL);

	if (ret != -ETIMEDOUT)
		vm_copy_release(copy);
	return ret;
}

static void close_copy(struct device *dev)
{
	vm_copy_close(device_state(dev));
}

static const struct gup_call calls[] = {
	{
		.kernels = "*",
		.function =
			"process_vm_rw_single_vec(), mm/process_vm_access.c",
		.flags = "pin_user_pages_remote: no FOLL_WRITE",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EFAULT,
		.kernels = "*",
		.cause =
			"the local buffers, not the remote ones, are not mapped",
		.mend = "check local_iov, too: see process_vm_readv(2)",
	},
	{
		.error = EPERM,
		.kernels = "*",
		.cause = "the caller may not trace the other process",
		.mend = "see ptrace(2), access mode checking, and kernel.yama.ptrace_scope",
	},
	{
		.error = ESRCH,
		.kernels = "*",
		.cause = "there is no such process",
		.mend = "check the number of the process",
	},
	{0},
};

const struct mechanism mechanism_process_vm_readv = {
	.name = "process_vm_readv",
	.summary =
		"process_vm_readv, held by a userfaultfd-missing destination page",
	.why = "debuggers, profilers and MPI libraries read other processes with it; a pin that only reads must neither be refused nor change anything",
	.require = VM_COPY_REQUIRE,
	.traits = MECH_SHORT | MECH_HELD | MECH_READS_ONLY | MECH_WRITES_HELD,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct vm_copy),
	.open = open_copy,
	.pin = pin,
	.device_read = device_read,
	.unpin = unpin,
	.close = close_copy,
};
