/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/*
 * Errors of the harness: functions return 0 or -errno; the one function that
 * knows the name of the thing writes one line of context into the caller's
 * struct error. Nobody prints on the way up.
 */

#define ERROR_SIZE 512

/** struct error - one line; empty until error_set() */
struct error {
	char text[ERROR_SIZE];
};

/**
 * error_set() - write the line, unless one is there already
 * @error: may be NULL
 * @ret: -errno, handed back
 *
 * The line names the input, the reason and the mend. For a negative @ret it is
 * followed by `: strerror`, when @format ends with a colon.
 */
int error_set(struct error *error, int ret, const char *format, ...)
	__attribute__((format(printf, 3, 4), nonnull(3)));

/** errno_name() - `EFAULT` for 14; "" for 0; the number where it has no name */
const char *errno_name(int error);

/** errno_from_name() - 14 for `EFAULT`; 0 for an unknown name */
int errno_from_name(const char *name);

#endif
