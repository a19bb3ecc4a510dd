/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_RESULTS_H
#define REPORT_RESULTS_H

/*
 * Results: a run for consumers that know pass and fail, and that tell one cell
 * from another by a name. What all formats of that kind have in common.
 */

#include "report/report.h"

/** enum result - what a consumer is told of a cell */
enum result {
	RESULT_PASS, /* as expected */
	RESULT_FIXED, /* the same, and better than a rule says */
	RESULT_KNOWN, /* a known issue; with --strict it is RESULT_FAIL */
	RESULT_FAIL, /* unexpected, or compared with no expectation */
	RESULT_SKIP, /* cannot run here */
	RESULT_BROKEN, /* the harness failed, or proved nothing */
	RESULT_HUNG, /* something did not return */
	RESULT_VANISHED, /* the machine died while the cell ran */
	RESULT_NOT_RUN, /* planned, but not run to an end */
	RESULT_UNTRUSTED, /* would be good, but the canary was not corrupt */
	RESULT_COUNT
};

/**
 * struct result_entry - one cell on one kernel
 * @record: NULL: the entry is about the run on @kernel as a whole
 * @id: of the cell, as it was written; borrowed
 * @name: like no other of the run; of few characters, see struct name_style
 * @text: why, as it was written: may be several lines, with any characters
 */
struct result_entry {
	const struct record *record;
	const char *id;
	const struct run_kernel *kernel;
	enum result result;
	char *name;
	const char *text;
};

/** struct results - owns the list and the names */
struct results {
	struct result_entry *list;
	size_t count;
};

/**
 * struct name_style - how names are made of ids and releases
 * @slash, @at: what stands for these in an id
 * @again: stands before a number where two names would be alike
 * @before_kernel, @behind_kernel: around the release, which is named only where
 *	a run has several: a name stays as it is from kernel to kernel
 * @release: what may stand in a release beside letters, digits, `_` and `-`
 *
 * Of an id letters, digits, `_` and `-` are kept. All other characters become
 * `_`. Ids and releases as they are made today need none of that.
 */
struct name_style {
	char slash;
	char at;
	char again;
	const char *before_kernel;
	const char *behind_kernel;
	const char *release;
};

/** name_style_lines - `rdma_mr/xfs/admission@private [6.1.0-50-amd64]` */
extern const struct name_style name_style_lines;

/**
 * results_build() - an entry for each record, in their order
 *
 * Then, for each kernel whose canary was broken, and for each whose run did not
 * come to its end, an entry of its own: what makes the exit code is seen where
 * nobody asks for it.
 *
 * Return: 0, -ENOMEM, or -EINVAL where the run does not know the kernel of a
 * record; results_done() is right after all.
 */
int results_build(struct results *ret, const struct run *run,
		  const struct name_style *style, bool strict);

/** name_keeps() - whether @character of an id is kept: see struct name_style */
bool name_keeps(char character);

/** results_done() - free it */
void results_done(struct results *results);

/**
 * results_lead() - whether no earlier entry tells the same as this one
 *
 * The same result and answer for the same reason, on any kernel.
 */
bool results_lead(const struct results *results, size_t index);

/** results_alike() - whether two entries tell the same; see results_lead() */
bool results_alike(const struct result_entry *a, const struct result_entry *b);

/** result_is_good() - whether it counts for the kernel: passed or excused */
bool result_is_good(enum result result);

/** result_word() - the verdict, `not run`, or for no record what is wrong */
const char *result_word(const struct result_entry *entry);

/** result_seconds() - how long it took, 0 where it came to no end */
double result_seconds(const struct result_entry *entry);

/** time_is_rfc3339() - whether a consumer can read @time; NULL is none */
bool time_is_rfc3339(const char *time);

#endif
