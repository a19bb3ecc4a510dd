/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_QEMU_H
#define VM_QEMU_H

/* QEMU: one emulator process with a guest in it. */

#include <stdbool.h>
#include <sys/types.h>
#include "base/error.h"
#include "vm/arch.h"

/**
 * struct qemu_config - what to start
 * @kernel: boot image or ELF kernel
 * @initramfs: descriptor of the archive
 * @append: further kernel arguments, or NULL
 * @console: file that the console and QEMU's own words are written to
 * @kvm: else TCG
 * @memory_mib: memory of the guest, in MiB
 * @cpus: virtual processors
 */
struct qemu_config {
	const struct arch *arch;
	const char *kernel;
	int initramfs;
	const char *append;
	const char *console;
	bool kvm;
	unsigned int memory_mib;
	unsigned int cpus;
};

/**
 * struct qemu - a running emulator
 * @pidfd: readable when it has ended
 * @channel: the guest's second serial line, non-blocking
 * @console: the console file, for reading
 */
struct qemu {
	pid_t pid;
	int pidfd;
	int channel;
	int console;
};

/**
 * qemu_find() - whether the emulator is installed
 * Return: 0 and its path, or -ENOENT with a line of @error.
 */
int qemu_find(const struct arch *arch, char *ret_path, size_t size,
	      struct error *error);

/**
 * qemu_start() - start it; it dies with us, whatever we die of
 * Return: 0, or -errno with a line of @error.
 */
int qemu_start(const struct qemu_config *config, struct qemu *ret,
	       struct error *error);

/**
 * qemu_stop() - wait until it has ended by itself, at most @grace_ms
 * milliseconds, then kill it; close everything. Accepts a stopped one.
 * Return: the wait status, or 0.
 */
int qemu_stop(struct qemu *qemu, int grace_ms);

/** QEMU_NONE - a struct qemu that is not running */
#define QEMU_NONE                                         \
	{                                                 \
		.pidfd = -1, .channel = -1, .console = -1 \
	}

#endif
