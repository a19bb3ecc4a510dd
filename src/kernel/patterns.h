/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_PATTERNS_H
#define KERNEL_PATTERNS_H

/* The table behind classify(). */

#include <stddef.h>

#include "kernel/classify.h"

/**
 * struct log_pattern - one line of the table
 * @log_class: what a line of this shape is
 * @shape: matches from the beginning of the message on, without regard to what
 *	follows. `*` stands for anything, `%n` for a decimal number, `%d` for
 *	the name of a block device: where the cell has another one, the line is
 *	harmless.
 * @note: which kernels, or why; "" where the shape says it
 */
struct log_pattern {
	enum log_class log_class;
	const char *shape;
	const char *note;
};

#define LOG_PATTERNS_MAX 256

/** log_patterns - the first that matches decides; harmless ones come first */
extern const struct log_pattern log_patterns[];
extern const size_t log_pattern_count;

/** log_pattern_matches() - compare a line with a shape, on any device */
bool log_pattern_matches(const struct log_pattern *pattern, const char *line);

/**
 * log_pattern_find() - the pattern that decides about one line
 * @first: where in the table to begin; 0 for all of it
 *
 * Return: NULL when nothing matches, or all that does names another device.
 */
const struct log_pattern *log_pattern_find(size_t first, const char *line,
					   const char *device);

#endif
