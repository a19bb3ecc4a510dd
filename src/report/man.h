/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_MAN_H
#define REPORT_MAN_H

/* Man: the manual page of what there is, gupcheck-cells(7), in mdoc(7). */

#include <stdio.h>

/**
 * man_cells() - the whole page, from the descriptors
 * Return: 0, -EIO or -ENOMEM.
 */
int man_cells(FILE *out);

/** man_text() - @text in lines of their own; none of it is taken for markup */
void man_text(FILE *out, const char *text);

#endif
