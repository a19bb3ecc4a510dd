/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_MEND_H
#define KERNEL_MEND_H

/* Mend: where what is missing can be had. Tables, no questions asked. */

#include <stdbool.h>

/** mend_package() - the Debian package of a program, or NULL */
const char *mend_package(const char *program);

/**
 * mend_library() - the Debian packages that a stub was built without
 * @why: what stands behind `never@`: `libibverbs-at-build-time`
 * Return: names ended by NULL, or NULL for another reason.
 */
const char *const *mend_library(const char *why);

/**
 * struct mend_need - a symbol that has to be set before another one can be
 * @built_in: `m` is not enough
 */
struct mend_need {
	const char *symbol;
	const char *needs;
	bool built_in;
};

/**
 * mend_need() - the @index-th symbol that @symbol depends on, or NULL
 *
 * Only such as a user can set, and only those that @symbol does not select. As
 * in Linux 5.10 to 6.12.
 */
const struct mend_need *mend_need(const char *symbol, unsigned int index);

/**
 * mend_newer() - a symbol that came after the oldest kernel that we know
 *
 * A kernel that does not know it does without what asks for it; of any other
 * symbol it should be told.
 */
bool mend_newer(const char *symbol);

#endif
