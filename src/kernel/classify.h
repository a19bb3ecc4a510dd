/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CLASSIFY_H
#define KERNEL_CLASSIFY_H

/* Classify: what a kernel message, or a line of a console, says. */

#include <stdbool.h>

/** enum log_class - ordered from harmless to fatal */
enum log_class {
	LOG_HARMLESS, /* nothing to see */
	LOG_SUPPRESSED, /* rate limit: messages are missing */
	LOG_INCONCLUSIVE, /* out of memory, allocation failure: no verdict */
	LOG_FILESYSTEM, /* a filesystem complains about data or itself */
	LOG_WARN,
	LOG_LOCKDEP,
	LOG_HANG, /* hung task, lockup, RCU stall */
	LOG_SANITIZER,
	LOG_BAD_PAGE,
	LOG_BUG,
	LOG_OOPS,
	LOG_PANIC,
	LOG_CLASS_COUNT
};

const char *log_class_to_string(enum log_class log_class);

/** log_class_is_trouble() - the kernel is not well (invariant 8) */
bool log_class_is_trouble(enum log_class log_class);

/**
 * classify() - the class of one line
 * @line: text without level, time stamp and caller id (see classify_console())
 * @device: block device of the cell, e.g. `loop3`: filesystem complaints that
 *	name another device are harmless. NULL: every device counts.
 */
enum log_class classify(const char *line, const char *device);

/**
 * classify_console() - the same for a line of a serial console: strips `<N>`,
 * `[   12.345678]`, `[ T123]` prefixes and the carriage return first
 * @ret_text: where the message begins in @line; may be NULL
 */
enum log_class classify_console(const char *line, const char *device,
				const char **ret_text);

#endif
