/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_CONSOLE_H
#define VM_CONSOLE_H

/* Console: reads what a guest printed on its first serial line. */

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>
#include "judge/observation.h"
#include "kernel/classify.h"

/** console_size() - bytes printed so far */
off_t console_size(int fd);

/** console_kernel_seen() - whether the kernel has printed its first line */
bool console_kernel_seen(int fd);

/** console_guest_seen() - whether anybody but the emulator has printed a line
 */
bool console_guest_seen(int fd);

/**
 * struct console_findings - what the lines from some place on say
 * @worst: class of the worst line
 * @observation: one FACT_LOG for every line that means something; owned
 * @init_died: process 1 ended, which is the harness's fault
 */
struct console_findings {
	enum log_class worst;
	struct observation observation;
	bool init_died;
};

/**
 * console_classify() - classify every line from @from on
 * Return: 0 or -errno.
 */
int console_classify(int fd, off_t from, struct console_findings *ret);

/** CONSOLE_LOG_MAX - lines that console_log() gives at most */
#define CONSOLE_LOG_MAX 100

/**
 * console_log() - the lines from the first one on that means trouble
 * Return: an array of strings, empty where there is none; NULL without memory.
 */
json_t *console_log(int fd, off_t from);

/**
 * console_find_begin() - where the lines of a cell begin
 * @otherwise: what to return when the mark is not to be seen
 * @id: the cell, whose begin the runner marks in the kernel log
 * Return: the place behind that line.
 */
off_t console_find_begin(int fd, off_t otherwise, const char *id);

/** console_last_line() - the last line that is not blank; "" without one */
void console_last_line(int fd, char *ret, size_t size);

#endif
