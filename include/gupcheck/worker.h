/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_WORKER_H
#define GUPCHECK_WORKER_H

/*
 * What the code of a mechanism may use. It runs in the worker, a process that
 * is thrown away after the cell: the must_*() helpers report "broken" with the
 * place and the errno, and end it. Nothing here may be used from the engine.
 */

#ifndef GUPCHECK_WORKER_CODE
#error "only for code that runs in the disposable worker (cases/)"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <gupcheck/mechanism.h>

/** device_state() - the mechanism's private memory, zeroed before open() */
void *device_state(struct device *dev);

/**
 * device_workdir() - an empty directory of the worker's own, on a tmpfs
 *
 * For side files and mount points; it goes away with the cell.
 */
const char *device_workdir(struct device *dev);

/**
 * device_home_netns() - descriptor of the network namespace that gupcheck was
 * started in; the worker itself runs in a new one. -1 where it is the same.
 */
int device_home_netns(struct device *dev);

/** worker_skip() - this cell cannot run here; does not return */
_Noreturn void worker_skip(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/** worker_broken() - the harness failed; does not return */
_Noreturn void worker_broken(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/** worker_note() - keep a line with the observation */
void worker_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * must() - @ret as it is when it is not negative, else broken
 * @ret: a result in the manner of system calls (-1 and errno)
 */
#define must(ret) must_at((long)(ret), #ret, __FILE__, __LINE__)
long must_at(long ret, const char *what, const char *file, int line);

/** must_zero() - broken unless @ret is 0; @ret is 0 or -errno */
#define must_zero(ret) must_zero_at((ret), #ret, __FILE__, __LINE__)
void must_zero_at(int ret, const char *what, const char *file, int line);

/** must_alloc() - @len zeroed, page-aligned bytes of anonymous memory */
void *must_alloc(size_t len);

/** must_thread() - start a thread with all signals blocked */
void must_thread(void *ret_pthread, void *(*run)(void *arg), void *arg);

/**
 * worker_await() - wait until @done says so
 * @done: returns true when the wait is over
 * @arg: handed to @done
 * @what: for the message
 * @limit_ms: milliseconds on CLOCK_BOOTTIME, scaled for slow machines
 *
 * Polls with a growing interval. Return: 0, or -ETIMEDOUT.
 */
int worker_await(bool (*done)(void *arg), void *arg, const char *what,
		 unsigned int limit_ms);

#endif
