/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_URING_H
#define GUPCHECK_URING_H

/*
 * What the io_uring mechanisms share: the registrations that liburing of older
 * distributions does not know, and the wait for the end of a ring.
 *
 * The numbers and layouts are those of the kernel's <linux/io_uring.h>.
 */

#include <gupcheck/worker.h>

/**
 * struct uring_end - tells when a ring that was closed is gone
 * @pipe: read end of a pipe whose other end only the ring holds
 * @pinned: page references pinned on this machine before, or -1
 */
struct uring_end {
	int pipe;
	long pinned;
};

/** uring_register() - io_uring_register(2): its result, or -errno */
int uring_register(int ring, unsigned int opcode, void *arg,
		   unsigned int count);

/**
 * uring_end_prepare() - before the ring is made that uring_end_await() is for
 *
 * What is pinned now is what has to be left in the end.
 */
void uring_end_prepare(struct uring_end *end);

/** uring_end_watch() - @ring is the one; broken when it cannot be watched */
void uring_end_watch(struct uring_end *end, int ring);

/**
 * uring_end_await() - wait until the kernel has let go of the memory
 *
 * The last descriptor of the ring has been closed. The kernel frees a ring
 * later, from a work item: first its table of files, where our pipe is, then
 * what it pinned.
 *
 * Return: 0, or -ETIMEDOUT.
 */
int uring_end_await(struct uring_end *end);

/** uring_end_forget() - close what is open; accepts one that is not prepared */
void uring_end_forget(struct uring_end *end);

#endif
