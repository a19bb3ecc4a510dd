/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_FINGERPRINT_H
#define RUNNER_FINGERPRINT_H

/*
 * Fingerprint: what the trouble of a cell has in common with that of other
 * cells, boots and kernels, so that one bug is told once. Pure text.
 *
 * A complaint of the kernel is its title, and the first three functions of its
 * call trace:
 *
 *	WARNING in ext4_dirty_folio
 *	BUG: KASAN: use-after-free in a < b < c
 *
 * Numbers and addresses are left out; so are offsets, suffixes of the compiler
 * (`.isra.0`), and functions that stand in many traces: those that report,
 * those that enter the kernel. Where a pin gives its pages back, the trace
 *ends: below is who holds the pin, which the id of the cell says.
 *
 * Any other trouble is the verdict and the reason without its numbers. Data
 *that is lost is a matter of the filesystem, which stands before the reason
 *then.
 */

#include "runner/record.h"

/** FINGERPRINT_ID_SIZE - 12 hex digits and the NUL */
#define FINGERPRINT_ID_SIZE 13

#define FINGERPRINT_TEXT_SIZE 512

/**
 * struct fingerprint
 * @id: hash of @text, which stays what it is from version to version
 * @text: for people; may hold bytes that a kernel wrote, as a reason may
 */
struct fingerprint {
	char id[FINGERPRINT_ID_SIZE];
	char text[FINGERPRINT_TEXT_SIZE];
};

/**
 * fingerprint_of() - that of a record
 *
 * Return: false, with both empty, where there is no trouble: for what is as
 * expected, better than a rule says, skipped or not run.
 */
bool fingerprint_of(const struct record *record, struct fingerprint *ret);

#endif
