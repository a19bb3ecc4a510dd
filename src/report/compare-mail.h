/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_COMPARE_MAIL_H
#define REPORT_COMPARE_MAIL_H

/* The parts of the mail format. */

#include "report/compare.h"

#define MAIL_COLUMNS 72

/** struct mail - what every part needs */
struct mail {
	FILE *out;
	const struct comparison *comparison;
	bool strict;
};

/**
 * mail_same_change() - whether two pairs stand in one group: both sides say the
 * same, for the same reason and as often
 */
bool mail_same_change(const struct mail *mail, const struct pair *a,
		      const struct pair *b);

/**
 * mail_put_cells() - the ids of the group of @leader, its first pair
 * Return: how many there are.
 */
size_t mail_put_cells(const struct mail *mail, const struct pair *leader);

#endif
