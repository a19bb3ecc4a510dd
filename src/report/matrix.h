/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_MATRIX_H
#define REPORT_MATRIX_H

#include <stdio.h>
#include "report/report.h"

/**
 * matrix_print() - one table per scenario
 *
 * Rows are mechanisms, columns filesystems, side by side for every kernel as
 * long as options->width allows. Where there is room, a refusal shows its
 * errno; where there is none, the errnos stand below the table.
 *
 * Return: 0 or -ENOMEM.
 */
int matrix_print(FILE *out, const struct run *run,
		 const struct report_options *options);

#endif
