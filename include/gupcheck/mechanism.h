/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_MECHANISM_H
#define GUPCHECK_MECHANISM_H

/*
 * Mechanism: one way to make the kernel pin user memory and to let the device
 * side write through the pin.
 *
 * A mechanism is one file, cases/mechanism/NAME.c, that exports one
 * `const struct mechanism mechanism_NAME`, and one line in the list of
 * cases/meson.build. All hooks run in the disposable worker process and may use
 * the helpers of <gupcheck/worker.h>.
 */

#include <stddef.h>
#include <gupcheck/pattern.h>

/**
 * struct range - user memory, whole pages but for MECH_ANY_START
 * @addr: where it is mapped
 * @len: bytes, never 0; at most 16 pages but for MECH_ANY_SIZE
 * @fd: the file behind it, mapped from offset 0; -1 for anonymous memory. The
 *	worker's: to be used in pin() only.
 */
struct range {
	void *addr;
	size_t len;
	int fd;
};

/** enum mechanism_trait - what scenarios and the judge may ask for */
enum mechanism_trait {
	MECH_LONGTERM = 1 << 0, /* FOLL_LONGTERM: held until released */
	MECH_SHORT = 1 << 1, /* ends with the system call that took it */
	MECH_HELD = 1 << 2, /* a short-term pin that we delay at will */
	MECH_WRITES = 1 << 3, /* the device side can write */
	MECH_READS_ONLY = 1 << 4, /* pinned without FOLL_WRITE */
	MECH_FAST_PATH = 1 << 5, /* tries GUP-fast first */
	MECH_NOTIFIER = 1 << 6, /* follows the MMU notifier, holds no pin */
	MECH_WRITES_HELD = 1 << 7, /* stays pinned after a device write */
	MECH_FAKE = 1 << 8, /* the harness's own; only by full name */
	MECH_NO_WRITER = 1 << 9, /* pinned for writing, which we cannot cause */
	MECH_MOMENTARY = 1 << 10, /* pins in device_write(), not before */
	MECH_ANY_START = 1 << 11, /* takes ranges that begin and end anywhere */
	MECH_LAB = 1 << 13, /* no distribution builds it in, or those with the
			     * newest kernels only: doctor asks for it by name
			     * only */
	MECH_ANY_SIZE = 1 << 12, /* takes ranges of many MiB */
	MECH_TYPICAL = 1 << 14, /* stands for all of its kind where the
				 * filesystem, not the pin, is the question */
	MECH_BY_FILE = 1 << 15, /* is told a file, not where it is mapped */
};

/**
 * struct gup_call - the GUP call behind a mechanism
 * @kernels: the kernels that it was read in, as in expectation rules
 *	(`<6.5`, `6.1..6.12`, `*`)
 * @function: kernel function that pins, with its source file
 * @flags: FOLL_* flags that it passes
 *
 * Tables end with an entry without @function.
 */
struct gup_call {
	const char *kernels;
	const char *function;
	const char *flags;
};

/**
 * struct pin_errno - one reason for which this mechanism fails with an errno
 * @error: positive errno
 * @kernels: the kernels that it was read in, as in expectation rules
 * @cause: what is wrong, a clause without a full stop
 * @mend: what the program that meets it does about it, in the same form
 *
 * For `gupcheck explain ERRNO`; nothing is judged by it. What GUP answers to
 * every mechanism is known there and needs no entry. Tables end with an entry
 * without @error.
 */
struct pin_errno {
	int error;
	const char *kernels;
	const char *cause;
	const char *mend;
};

struct device;

/**
 * struct mechanism - the descriptor
 * @name: equals the file name; part of every cell id
 * @summary: one line without a full stop
 * @why: who uses this in earnest, and what goes wrong there
 * @require: requirement expression, see <gupcheck/require.h>
 * @traits: mask of enum mechanism_trait
 * @calls: the GUP calls behind it, newest kernels first
 * @refusals: positive errnos with which @pin reports that the kernel does not
 *	pin this kind of memory, ended by 0. Every other errno is trouble of
 *	the harness, never a refusal.
 * @partial_refusals: errnos that mean the same where the beginning of the range
 *	could be pinned and the rest could not; besides @refusals; may be NULL
 * @errnos: further reasons for which it fails, not of GUP; may be NULL
 * @landing: which bytes a device write changes
 * @state_size: bytes of zeroed private memory that device_state() returns
 * @open: get a ring, protection domain, socket …; no memory yet
 * @pin: take the pin, or return -errno; nothing else. The caller has touched
 *	the range.
 * @device_write: make the device side write @data (the range's bytes after the
 *	write, @range->len of them) through the pin; return when the device
 *	has reported completion. NULL for MECH_READS_ONLY and MECH_NO_WRITER:
 *	then the process stores it through a mapping.
 * @device_read: optional: what the pin sees now, @range->len bytes
 * @unpin: release the pin and wait until the kernel has let go of it
 * @close: safe after any failure; accepts a half-open device
 *
 * @pin and @unpin take turns any number of times between @open and @close, on
 * different ranges: the first turn is the control pin on anonymous memory.
 *
 * @open, @pin, @device_write, @device_read, @unpin return 0 or -errno.
 */
struct mechanism {
	const char *name;
	const char *summary;
	const char *why;
	const char *require;
	unsigned int traits;
	const struct gup_call *calls;
	const int *refusals;
	const int *partial_refusals;
	const struct pin_errno *errnos;
	struct landing landing;
	size_t state_size;

	int (*open)(struct device *dev);
	int (*pin)(struct device *dev, const struct range *range);
	int (*device_write)(struct device *dev, const struct range *range,
			    const void *data);
	int (*device_read)(struct device *dev, const struct range *range,
			   void *buf);
	int (*unpin)(struct device *dev);
	void (*close)(struct device *dev);
};

/** mechanisms - every mechanism, sorted by name, ended by NULL (generated) */
extern const struct mechanism *const mechanisms[];

#endif
