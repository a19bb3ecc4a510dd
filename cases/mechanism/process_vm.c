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
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <gupcheck/worker.h>

#define EVENT_LIMIT_MS 10000

struct process_vm {
	int uffd;
	char *source; /* every page of it is missing at first */
	char *original; /* what the range held when it was pinned */
	struct range range;
	size_t next; /* first byte of @source not yet provided */
	pthread_t thread;
	bool running;
	ssize_t result;
	int error;
};

static int open_uffd(struct device *dev)
{
	struct process_vm *state = device_state(dev);
	struct uffdio_api api = {.api = UFFD_API};

	state->uffd =
		(int)must(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK));
	must(ioctl(state->uffd, UFFDIO_API, &api));
	return 0;
}

static void *write_range(void *arg)
{
	struct process_vm *state = arg;
	struct iovec from = {state->source, state->range.len};
	struct iovec to = {state->range.addr, state->range.len};

	state->result = process_vm_writev(getpid(), &from, 1, &to, 1, 0);
	state->error = state->result < 0 ? errno : 0;
	return NULL;
}

struct event {
	struct process_vm *state;
	uint64_t address;
};

/* The copy waits for the page at @address, or has ended without it */
static bool has_arrived(void *arg)
{
	struct event *event = arg;
	struct uffd_msg message;

	if (!pthread_tryjoin_np(event->state->thread, NULL)) {
		event->state->running = false;
		return true;
	}
	if (read(event->state->uffd, &message, sizeof(message)) !=
	    sizeof(message))
		return false;
	return message.event == UFFD_EVENT_PAGEFAULT &&
	       (message.arg.pagefault.address &
		~(uint64_t)(pattern_page_size() - 1)) == event->address;
}

static int await_fault(struct process_vm *state, size_t at)
{
	struct event event = {
		.state = state,
		.address = (uint64_t)(uintptr_t)(state->source + at),
	};

	return worker_await(has_arrived, &event, "a fault on the source",
			    EVENT_LIMIT_MS);
}

static int pin(struct device *dev, const struct range *range)
{
	struct process_vm *state = device_state(dev);
	struct uffdio_register reg = {.mode = UFFDIO_REGISTER_MODE_MISSING};
	int ret;

	state->range = *range;
	state->next = 0;
	state->original = must_alloc(range->len);
	memcpy(state->original, range->addr, range->len);
	state->source = mmap(NULL, range->len, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(state->source == MAP_FAILED ? -1 : 0);
	reg.range.start = (uint64_t)(uintptr_t)state->source;
	reg.range.len = range->len;
	must(ioctl(state->uffd, UFFDIO_REGISTER, &reg));
	must_thread(&state->thread, write_range, state);
	state->running = true;
	ret = await_fault(state, 0);
	if (ret)
		return ret;
	if (!state->running)
		return state->error ? -state->error : -EIO;
	return 0;
}

/* Lets the copy go on by one page */
static void provide(struct process_vm *state, const char *page)
{
	struct uffdio_copy copy = {
		.dst = (uint64_t)(uintptr_t)(state->source + state->next),
		.src = (uint64_t)(uintptr_t)page,
		.len = pattern_page_size(),
	};

	must(ioctl(state->uffd, UFFDIO_COPY, &copy));
	state->next += pattern_page_size();
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct process_vm *state = device_state(dev);
	size_t gate = range->len - pattern_page_size();

	while (state->next < gate) {
		int ret;

		provide(state, (const char *)data + state->next);
		ret = await_fault(state, state->next);
		if (ret)
			return ret;
		if (!state->running)
			return state->error ? -state->error : -EIO;
	}
	return 0;
}

static void release_memory(struct process_vm *state)
{
	if (state->source)
		munmap(state->source, state->range.len);
	if (state->original)
		munmap(state->original, state->range.len);
	state->source = state->original = NULL;
}

static int unpin(struct device *dev)
{
	struct process_vm *state = device_state(dev);

	while (state->running && state->next < state->range.len) {
		provide(state, state->original + state->next);
		if (state->next < state->range.len &&
		    await_fault(state, state->next))
			return -ETIMEDOUT;
	}
	if (state->running)
		must_zero(-pthread_join(state->thread, NULL));
	state->running = false;
	release_memory(state);
	if (state->error)
		return -state->error;
	return state->result == (ssize_t)state->range.len ? 0 : -EIO;
}

static void close_uffd(struct device *dev)
{
	struct process_vm *state = device_state(dev);

	if (state->running)
		unpin(dev);
	if (state->uffd > 0)
		close(state->uffd);
	release_memory(state);
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
	.require =
		"root & syscall:userfaultfd@CONFIG_USERFAULTFD & syscall:process_vm_writev@CONFIG_CROSS_MEMORY_ATTACH",
	.traits = MECH_SHORT | MECH_HELD | MECH_WRITES | MECH_WRITES_HELD,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.landing = {.spare_pages = 1},
	.state_size = sizeof(struct process_vm),
	.open = open_uffd,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_uffd,
};
