/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_RELEASE_H
#define KERNEL_RELEASE_H

/**
 * release_compare() - compare the leading numbers of two kernel releases
 * @a: e.g. `6.1.0-50-amd64`
 * @b: e.g. `6.1`
 *
 * Only as many numbers as @b gives are compared: `6.1.176` equals `6.1`.
 * Return: negative, 0, positive.
 */
int release_compare(const char *a, const char *b);

/**
 * release_order() - which of two kernel releases is the older one
 *
 * By all leading numbers, a missing one being 0; then a release candidate is
 * older than its release; then as strverscmp(3) has it, so that only equal
 * strings are equal. For sorting.
 * Return: negative, 0, positive.
 */
int release_order(const char *a, const char *b);

#endif
