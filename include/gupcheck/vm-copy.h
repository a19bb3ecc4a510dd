/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_VM_COPY_H
#define GUPCHECK_VM_COPY_H

/*
 * A process_vm_readv(2) or process_vm_writev(2) between a range and memory that
 * userfaultfd holds back. The kernel pins the range, then copies; at the first
 * page that is held back it waits, for as long as we like, with the range
 * pinned and no lock held.
 */

#ifndef GUPCHECK_WORKER_CODE
#error "only for code that runs in the disposable worker (cases/)"
#endif

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <gupcheck/mechanism.h>

/** VM_COPY_REQUIRE - what a mechanism that copies so has to require */
#define VM_COPY_REQUIRE                                    \
	"root & syscall:userfaultfd@CONFIG_USERFAULTFD & " \
	"syscall:process_vm_writev@CONFIG_CROSS_MEMORY_ATTACH"

/**
 * struct vm_copy - all zero: not opened
 * @call: process_vm_readv or process_vm_writev
 * @uffd: userfaultfd
 * @gate: the other side of the copy, as long as the range; NULL: no copy
 * @range: what is pinned
 * @next: first byte of @gate that is still held back
 * @thread: makes the call
 * @running: it has not returned
 * @result, @error: what it returned, and errno if that is negative
 */
struct vm_copy {
	ssize_t (*call)(pid_t pid, const struct iovec *local,
			unsigned long local_count, const struct iovec *remote,
			unsigned long remote_count, unsigned long flags);
	int uffd;
	char *gate;
	struct range range;
	size_t next;
	pthread_t thread;
	bool running;
	ssize_t result;
	int error;
};

/** vm_copy_open() - broken when there is no userfaultfd */
void vm_copy_open(struct vm_copy *copy);

/**
 * vm_copy_begin() - start the call, return when it waits with @range pinned
 * Return: 0, or -errno of the call.
 */
int vm_copy_begin(struct vm_copy *copy, const struct range *range);

/**
 * vm_copy_page() - let it go on by one page, until it waits for the next one
 * @page: what that page of @gate holds then; NULL: zeroes
 * Return: 0, or -errno when the call has returned instead.
 */
int vm_copy_page(struct vm_copy *copy, const char *page);

/**
 * vm_copy_end() - let it go on to its end
 * @rest: what @gate is to hold where it was held back, as long as the range;
 *	NULL: zeroes
 * Return: 0; -errno of the call; -EIO when it copied less than the range.
 */
int vm_copy_end(struct vm_copy *copy, const char *rest);

/** vm_copy_release() - give back @gate, after the end */
void vm_copy_release(struct vm_copy *copy);

/** vm_copy_close() - end it in whatever state it is */
void vm_copy_close(struct vm_copy *copy);

#endif
