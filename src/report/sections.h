/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_SECTIONS_H
#define REPORT_SECTIONS_H

/* Sections: results in the order in which people want to read of them. */

#include "report/results.h"

/**
 * struct section - some results under a title
 * @title: NULL ends the list
 * @one, @many: what they are called where they are counted
 * @cells: each is named; else they are only counted
 * @story: evidence, and how to run one alone
 */
struct section {
	const char *title;
	const char *one;
	const char *many;
	unsigned int results; /* mask of 1 << enum result */
	bool cells;
	bool story;
};

/** sections - the worst first; every result stands in one of them */
extern const struct section sections[];

/** section_has() - whether @entry stands in @section */
bool section_has(const struct section *section,
		 const struct result_entry *entry);

/** section_is_empty() - whether no entry stands in it */
bool section_is_empty(const struct section *section,
		      const struct results *results);

/** section_count() - its cells on @kernel; NULL: on all kernels */
size_t section_count(const struct section *section,
		     const struct results *results,
		     const struct run_kernel *kernel);

/** sections_headline() - `2 unexpected, 1 known issue, 30 as expected` */
void sections_headline(FILE *out, const struct results *results);

#endif
