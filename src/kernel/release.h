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

#endif
