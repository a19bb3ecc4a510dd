/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

/* Compare: renders a comparison of two runs. Decides nothing. */

#include <stdio.h>
#include "report/command-line.h"
#include "report/report.h"
#include "runner/comparison.h"

/** COMPARE_EVIDENCE_LINES - so many of each cell; all are in json */
#define COMPARE_EVIDENCE_LINES 3

/** struct comparer - one output format; @render returns 0 or -errno */
struct comparer {
	const char *name;
	int (*render)(FILE *out, const struct comparison *comparison,
		      const struct report_options *options);
};

/** comparers - every format, ended by an entry without name */
extern const struct comparer comparers[];

/** comparer_find() - by name, or NULL */
const struct comparer *comparer_find(const char *name);

/* The renderers behind it, one file each. */
int compare_text(FILE *out, const struct comparison *comparison,
		 const struct report_options *options);
int compare_mail(FILE *out, const struct comparison *comparison,
		 const struct report_options *options);
int compare_json(FILE *out, const struct comparison *comparison,
		 const struct report_options *options);

/**
 * struct compare_section - some pairs under a title
 * @title: NULL ends the list
 * @strict_title: of the same section when known issues count; NULL: there is
 *	none, its pairs stand in another one
 */
struct compare_section {
	enum change change;
	bool known;
	const char *title;
	const char *strict_title;
};

/** compare_sections - in the order of printing, for people */
extern const struct compare_section compare_sections[];

/** compare_section_title() - or NULL where @strict knows no such section */
const char *compare_section_title(const struct compare_section *section,
				  bool strict);

/** compare_section_has() - whether @pair stands in @section */
bool compare_section_has(const struct compare_section *section,
			 const struct pair *pair, bool strict);

/** compare_shown() - the record that reason and evidence are taken from */
const struct record *compare_shown(const struct pair *pair);

/** compare_side() - the side that compare_shown() is of */
const struct run_side *compare_side(const struct comparison *comparison,
				    const struct pair *pair);

/**
 * compare_put_counts() - `2 worse, 1 better, 30 the same`
 * @between: what stands between two of them
 */
void compare_put_counts(FILE *out, const struct comparison *comparison,
			bool strict, const char *between);

/**
 * compare_put_answer() - `refused EFAULT (as-expected)`, or `nothing` for NULL
 * @outcome: with its outcome
 */
void compare_put_answer(FILE *out, const struct record *record, bool color,
			bool outcome);

/** compare_put_kernel() - `6.1.0-50-amd64 (x86_64, tcg)`, and what was wrong */
void compare_put_kernel(FILE *out, const struct run_kernel *kernel);

/** compare_put_config() - `config 0123456789ab`, or `config unknown` */
void compare_put_config(FILE *out, const struct run_kernel *kernel);

/** compare_configs_differ() - whether both are known, and not the same */
bool compare_configs_differ(const struct comparison *comparison);

#define COMPARE_CONFIGS_DIFFER                                           \
	"The two kernels were configured differently: what differs may " \
	"be the configuration's doing."

/** compare_put_run_count() - `, 5 runs` where there are several */
void compare_put_run_count(FILE *out, const struct run_side *side);

/** compare_has_arguments() - whether the journal has those of its command */
bool compare_has_arguments(const struct run_side *side);

/** compare_put_arguments() - the command of the first run */
void compare_put_arguments(struct command_line *line,
			   const struct run_side *side);

/** compare_put_again() - the command that shows the cell of @record again */
void compare_put_again(struct command_line *line, const struct run_side *side,
		       const struct record *record);

/** compare_tells_both() - whether the reasons of both sides are wanted */
bool compare_tells_both(const struct pair *pair);

/**
 * compare_put_runs() - a line `in 0 of 5 runs before, in 2 of 5 now`
 *
 * Nothing where each side is one run, or the cell is on one side only.
 */
void compare_put_runs(FILE *out, const struct comparison *comparison,
		      const struct pair *pair, const char *before);

/**
 * compare_put_message() - a line of evidence, or of a stack
 * @before: what stands before every line
 * @places: where its functions are in the source, or NULL
 */
void compare_put_message(FILE *out, const char *before, const char *line,
			 const struct places *places);

/** compare_put_canaries() - a line for each side that cannot be trusted */
void compare_put_canaries(FILE *out, const struct comparison *comparison);

#endif
