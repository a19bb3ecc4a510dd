/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEDIA_COMMAND_H
#define MEDIA_COMMAND_H

/* Command: runs a program such as mkfs, without a shell. */

#include <stddef.h>
#include "base/error.h"

#define COMMAND_SIGNALED 256

/**
 * command_status() - run a program to its end
 * @words: receives the last words of its output, on one line, @size bytes
 * Return: its exit status, 127 without such a program; COMMAND_SIGNALED and the
 * number of the signal that ended it; or -errno.
 */
int command_status(const char *const *argv, const char *last, char *words,
		   size_t size);

/**
 * command_run() - run a program to its end
 * @argv: argument vector; @argv[0] is looked up in PATH and the sbin folders
 * @last: one more argument after @argv, or NULL
 * Return: 0; -ENOENT without such a program; -EIO when it failed, with its last
 * words in @error; another -errno.
 */
int command_run(const char *const *argv, const char *last, struct error *error);

/**
 * command_output() - run a program to its end, and read what it says
 * @argv: ended by NULL; @argv[0] is looked up in the PATH of the user
 * @ret: receives its standard output, a heap string
 *
 * Its standard error goes nowhere. Return: 0; -ENOENT without such a program;
 * -EIO when it failed; another -errno; with a line of @error.
 */
int command_output(const char *const *argv, char **ret, struct error *error);

#endif
