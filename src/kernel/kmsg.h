/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_KMSG_H
#define KERNEL_KMSG_H

/*
 * Kernel messages as /dev/kmsg records (Documentation/ABI/testing/dev-kmsg):
 * `prio,seq,usec,flags[,caller=…];text` and continuation lines ` KEY=value`.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KMSG_TEXT_SIZE 2048
#define KMSG_FACILITY_KERNEL 0

/**
 * struct kmsg_record - one message
 * @level: 0 (emerg) to 7 (debug)
 * @facility: KMSG_FACILITY_KERNEL for what the kernel says itself; what a
 *	program writes to /dev/kmsg always has another one
 *	(kernel/printk/printk.c, devkmsg_write())
 * @sequence: without gaps as long as nothing was lost
 * @usec: microseconds since boot
 */
struct kmsg_record {
	unsigned int level;
	unsigned int facility;
	uint64_t sequence;
	uint64_t usec;
	char text[KMSG_TEXT_SIZE];
};

/** kmsg_parse() - one raw record; 0 or -EINVAL */
int kmsg_parse(const char *raw, size_t len, struct kmsg_record *ret);

/**
 * struct kmsg - a reader
 * @fd: /dev/kmsg, O_RDWR when markers can be written, non-blocking
 * @next: sequence number that the next record must have
 * @lost: records lost since kmsg_open()
 */
struct kmsg {
	int fd;
	uint64_t next;
	uint64_t lost;
};

/** kmsg_open() - begin at the end of the log; 0 or -errno */
int kmsg_open(struct kmsg *ret);

/**
 * kmsg_mark() - write a line of our own to the log, to be found in it
 *
 * Return: 0 or -errno. The reader skips it like any other record.
 */
int kmsg_mark(struct kmsg *kmsg, const char *line);

/** kmsg_read() - next record: 1, 0 when there is none now, or -errno */
int kmsg_read(struct kmsg *kmsg, struct kmsg_record *ret);

/** kmsg_close() */
void kmsg_close(struct kmsg *kmsg);

#endif
