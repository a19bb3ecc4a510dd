/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

/* Text: the report for people, in its parts. */

#include "report/report.h"

/** struct text_page - what every section needs */
struct text_page {
	FILE *out;
	const struct run *run;
	const struct report_options *options;
};

/**
 * text_put_title() - above the first entry of a section, and nowhere when there
 * is none
 * @done: whether it stands there already
 */
void text_put_title(const struct text_page *page, bool *done,
		    const char *title);

/**
 * text_put_findings() - what is unexpected, what gave no verdict, and what
 * rules tell of
 * Return: 0 or -ENOMEM.
 */
int text_put_findings(const struct text_page *page);

#endif
