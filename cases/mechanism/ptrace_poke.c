/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PTRACE_POKEDATA copies the word from its caller first, then takes the page of
 * the traced process, stores, makes the page dirty and lets go of it, all in
 * one system call. Each word faults anew when the page is write-protected, so
 * the filesystem hears of every one.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gupcheck/poke.h>
#include <gupcheck/worker.h>

#define STACK_SIZE (64 << 10)

/*
 * The process that is traced has the worker's memory, so what is written into
 * it is at once in the worker's mapping, a private one, too.
 */
struct ptrace_poke {
	pid_t worker;
	pid_t traced;
	void *stack; /* of the traced process */
};

/* Even errno is the worker's, too */
static int wait_for_death(void *arg)
{
	const struct ptrace_poke *state = arg;

	syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	/* else it died before */
	while (syscall(SYS_getppid) == state->worker)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

static void start_traced(struct ptrace_poke *state)
{
	/* with a table of its own it would keep files open that are closed */
	int flags = CLONE_VM | CLONE_FILES | CLONE_FS | SIGCHLD;

	state->worker = getpid();
	state->stack = must_alloc(STACK_SIZE);
	state->traced = (pid_t)must(clone(wait_for_death,
					  (char *)state->stack + STACK_SIZE,
					  flags, state));
}

/* A seccomp filter or kernel.yama.ptrace_scope forbids it even to root */
static int open_traced(struct device *dev)
{
	struct ptrace_poke *state = device_state(dev);
	pid_t pid;
	int status;

	start_traced(state);
	pid = state->traced;
	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_EXITKILL) < 0 &&
	    errno == EPERM)
		worker_skip(
			"ptrace is not allowed here (kernel.yama.ptrace_scope, seccomp)");
	must(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL));
	must(waitpid(pid, &status, __WALL));
	if (!WIFSTOPPED(status))
		worker_broken("the traced process did not stop: status %#x",
			      (unsigned int)status);
	return 0;
}

static int poke(struct device *dev, void *to, const void *from, size_t len)
{
	struct ptrace_poke *state = device_state(dev);
	long word;

	for (size_t at = 0; at < len; at += sizeof(word)) {
		memcpy(&word, (const char *)from + at, sizeof(word));
		if (ptrace(PTRACE_POKEDATA, state->traced, (char *)to + at,
			   word) < 0)
			return -errno;
	}
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	return poke_try(dev, range, poke);
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	return poke(dev, range->addr, data, range->len);
}

static int unpin(struct device *dev)
{
	return 0;
}

static void close_traced(struct device *dev)
{
	struct ptrace_poke *state = device_state(dev);

	if (state->traced > 0) {
		kill(state->traced, SIGKILL);
		/* its tracer hears of stops first */
		while (waitpid(state->traced, NULL, __WALL) == state->traced)
			;
	}
	if (state->stack)
		munmap(state->stack, STACK_SIZE);
}

static const struct gup_call calls[] = {
	{
		.kernels = "*",
		.function = "__access_remote_vm(), mm/memory.c",
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
			"the word cannot be written: nothing is mapped there, or a shared mapping that is not writable",
		.mend = "look into /proc/PID/maps of the traced process",
	},
	{
		.error = ESRCH,
		.kernels = "*",
		.cause =
			"the process is not stopped, or this thread is not the one that traces it",
		.mend = "wait for its stop, and write from the thread that attached",
	},
	{
		.error = EPERM,
		.kernels = "*",
		.cause = "the caller may not trace the other process",
		.mend = "see ptrace(2), access mode checking, and kernel.yama.ptrace_scope",
	},
	{0},
};

const struct mechanism mechanism_ptrace_poke = {
	.name = "ptrace_poke",
	.summary = "words written by a tracer (PTRACE_POKEDATA)",
	.why = "debuggers set breakpoints and variables with it, in mapped files too; it has to keep working, and what it wrote has to reach the disk",
	.require = "root",
	.traits = MECH_SHORT | MECH_WRITES | MECH_MOMENTARY,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct ptrace_poke),
	.open = open_traced,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_traced,
};
