/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A futex in shared memory is known by the page that it lies in, so the kernel
 * takes that page, for writing, looks up its file, and lets go of it. What
 * FUTEX_WAKE_OP then writes goes through the user's mapping and faults like a
 * store: nothing is ever written through the pin.
 */
#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <gupcheck/worker.h>

/*
 * Adds 0 to the word and wakes nobody. Unlike a mere wake, for which a page
 * that can be read will do, this looks the word up for writing only.
 */
static int wake_nobody(uint32_t *word)
{
	long done = syscall(SYS_futex, word, FUTEX_WAKE_OP, 0, 0, word,
			    FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0));

	return done < 0 ? -errno : 0;
}

static int pin(struct device *dev, const struct range *range)
{
	for (size_t at = 0; at < range->len; at += pattern_page_size()) {
		int ret = wake_nobody((uint32_t *)((char *)range->addr + at));

		if (ret)
			return ret;
	}
	return 0;
}

static int unpin(struct device *dev)
{
	return 0;
}

static const struct gup_call calls[] = {
	{
		.kernels = "*",
		.function = "get_futex_key(), kernel/futex/core.c",
		.flags = "get_user_pages_fast: FOLL_WRITE",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EFAULT,
		.kernels = "*",
		.cause =
			"the file was truncated below the futex, or its page is gone",
		.mend = "keep the file as long as its futexes are used",
	},
	{
		.error = EINVAL,
		.kernels = "*",
		.cause = "the futex is not aligned to four bytes",
		.mend = "align it",
	},
	{0},
};

const struct mechanism mechanism_futex = {
	.name = "futex",
	.summary = "key of a shared futex in the mapping (FUTEX_WAKE_OP)",
	.why = "locks of databases and shared-memory queues lie in mapped files; a kernel that refused these pins would break every one of them",
	.traits = MECH_SHORT | MECH_WRITES | MECH_NO_WRITER | MECH_MOMENTARY |
		  MECH_FAST_PATH,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.pin = pin,
	.unpin = unpin,
};
