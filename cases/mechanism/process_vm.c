/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process_vm_writev(2) pins the destination, then copies. When the source is a
 * page that userfaultfd holds back, the copy waits for as long as we like with
 * the destination pinned and no lock held: a device that writes at our command.
 * It needs no module and no hardware.
 *
 * The last page of the range is the gate: while its source is held back, the
 * pages before it are written and all of them stay pinned.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <gupcheck/vm-copy.h>
#include <gupcheck/worker.h>

struct process_vm {
	struct vm_copy copy;
	char *original; /* what the range held when it was pinned */
};

static int open_copy(struct device *dev)
{
	struct process_vm *state = device_state(dev);

	state->copy.call = process_vm_writev;
	vm_copy_open(&state->copy);
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	struct process_vm *state = device_state(dev);

	state->original = must_alloc(range->len);
	memcpy(state->original, range->addr, range->len);
	return vm_copy_begin(&state->copy, range);
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct process_vm *state = device_state(dev);
	size_t gate = range->len - pattern_page_size();
	int ret = 0;

	while (!ret && state->copy.next < gate)
		ret = vm_copy_page(&state->copy,
				   (const char *)data + state->copy.next);
	return ret;
}

static void release(struct process_vm *state)
{
	if (state->original)
		munmap(state->original, state->copy.range.len);
	state->original = NULL;
	vm_copy_release(&state->copy);
}

static int unpin(struct device *dev)
{
	struct process_vm *state = device_state(dev);
	int ret = vm_copy_end(&state->copy, state->original);

	if (ret != -ETIMEDOUT)
		release(state);
	return ret;
}

static void close_copy(struct device *dev)
{
	struct process_vm *state = device_state(dev);

	vm_copy_close(&state->copy);
	release(state);
}

static const struct gup_call calls[] = {
	{
		.kernels = "*",
		.function =
			"process_vm_rw_single_vec(), mm/process_vm_access.c",
		.flags = "pin_user_pages_remote: FOLL_WRITE",
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
		.mend = "check local_iov, too: see process_vm_writev(2)",
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

const struct mechanism mechanism_process_vm = {
	.name = "process_vm",
	.summary =
		"process_vm_writev, held by a userfaultfd-missing source page",
	.why = "debuggers and MPI libraries write into other processes with it; like every short-term pin it is short only as long as nothing makes it wait",
	.require = VM_COPY_REQUIRE,
	.traits = MECH_SHORT | MECH_HELD | MECH_WRITES | MECH_WRITES_HELD |
		  MECH_TYPICAL,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.landing = {.spare_pages = 1},
	.state_size = sizeof(struct process_vm),
	.open = open_copy,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_copy,
};
