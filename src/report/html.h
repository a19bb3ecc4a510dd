/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

/*
 * HTML: one page that needs nothing but itself. The run is put into it as one
 * JSON object, which page/model.js reads; what stands there many times stands
 * in a list once, and is meant by its index:
 *
 *	{"gupcheck":VERSION,"time":RFC3339|null,"strict":BOOL,
 *	 "verdicts":[WORD…],"outcomes":[WORD…],"changes":[WORD…],
 *	 "expected":[TEXT…], by duty
 *	 "kernels":[{"release":…,"place":TEXT,"limits":NUMBER,"alone":TEXT,
 *	  "summary":TEXT,"doubt":TEXT|null,"end":TEXT}…], in release order
 *	 "mechanisms":{NAME:{"summary":…,"why":…,"calls":[[KERNELS,FUNCTION,
 *	  FLAGS]…]}…},
 *	 "filesystems":{NAME:{"summary":…,"why":…}…},
 *	 "scenarios":{NAME:{"summary":…,"why":…,"links":[URL…],
 *	  "steps":[[NAME,TEXT]…],"promises":[[INVARIANT,TEXT,CHECK,SOURCE,LABEL,
 *	  REQUIRED]…],"variants":{NAME:SUMMARY…}}…},
 *	 "layers":[TEXT…], scenario[@variant]
 *	 "ids":[[ID,MECHANISM,FILESYSTEM,LAYER,DUTY,[PROMISE…]]…],
 *	 "texts":[TEXT…],"lists":[[…]…],
 *	 "cells":[[KERNEL,ID,VERDICT,OUTCOME,REASON,SECONDS,ERRNO,RULE,EVIDENCE,
 *	  LOG,SIGHTS,PRINT]…],
 *	 "prints":[[ID,TEXT]…], fingerprints: see runner/fingerprint.h
 *	 "since":[[MECHANISM,KERNEL|-1,TEXT]…], the first that refuses its pin
 *	 "differences":[[OLD,NEW,[ID,CHANGE,WHY,…]]…]}
 *
 * REASON, ERRNO, RULE and WHY are indices of texts or -1, EVIDENCE and LOG of
 * lists of these, SIGHTS of a list of [WHAT,NAME,FOUND,VIEW,OFFSET], PRINT of
 * prints.
 * Differences go from the older kernel to the newer one; cells that are the
 * same, or that neither answered, are left out.
 */

#include <jansson.h>
#include "report/reporters.h"

/** struct html_pool - values that are meant by their index; owns both */
struct html_pool {
	json_t *list;
	json_t *index;
};

/**
 * struct html - a page being made
 * @kernels: in release order; @run->kernel_count of them
 * @root: the object, once it is whole
 * @id_index: id to its place in @ids
 * @grid: records by kernel, then by id; NULL where a kernel lacks the cell
 */
struct html {
	const struct run *run;
	const struct report_options *options;
	const struct run_kernel **kernels;
	json_t *root;
	json_t *ids;
	json_t *id_index;
	const struct record **grid;
	struct html_pool layers;
	struct html_pool texts;
	struct html_pool lists;
	struct html_pool prints;
};

/** html_head, html_tail - the page before and behind the data (generated) */
extern const char html_head[];
extern const char html_tail[];

/**
 * html_string() - @text fit to be shown on one line
 *
 * Line ends and tabs become blanks; other control characters and bytes that are
 * no UTF-8 become `\xNN`; what turns the direction of writing around, `\uNNNN`.
 *
 * Return: a new JSON string, or NULL where memory is short.
 */
json_t *html_string(const char *text);

/** html_pool_add() - the index of @value, which is taken over; or -ENOMEM */
int html_pool_add(struct html_pool *pool, json_t *value);

/** html_pool_text() - the same of html_string(); -1 for NULL */
int html_pool_text(struct html_pool *pool, const char *text, int *ret);

/**
 * html_set() - put @value, which is taken over, under @key
 * Return: 0, or -ENOMEM, also where @value is NULL.
 */
int html_set(json_t *object, const char *key, json_t *value);

/** html_append() - the same for an array */
int html_append(json_t *array, json_t *value);

/* The parts of the object, one file each: 0 or -ENOMEM. */
int html_kernels(struct html *html);
int html_ids(struct html *html);
int html_cells(struct html *html);
int html_differences(struct html *html);
int html_since(struct html *html);

/** html_print_of() - the index of the fingerprint of @record, or -1 */
int html_print_of(struct html *html, const struct record *record, int *ret);

/**
 * html_recipe() - scenario, mechanism and filesystem of @id, unless there
 * @promises: gets the indices of those that are meant for the cell
 */
int html_recipe(struct html *html, const struct cell_id *id, json_t *promises);

#endif
