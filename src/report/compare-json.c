/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "report/compare.h"
#include "report/print.h"
#include "report/reporters.h"
#include "runner/journal.h"

#define SCHEMA 1

static json_t *record_json(const struct record *record)
{
	if (!record)
		return json_null();
	return json_pack("{s:s, s:b, s:s, s:s?, s:s, s:f, s:o}", "verdict",
			 verdict_to_string(record->verdict), "finished",
			 record->finished, "outcome",
			 outcome_to_string(record->outcome), "errno",
			 record->error, "reason", record->reason, "seconds",
			 record->seconds, "evidence", report_evidence(record));
}

static json_t *side_json(const struct run_side *side)
{
	const struct run_kernel *kernel = side->kernel;

	return json_pack("{s:o, s:s, s:s?, s:s?, s:s?, s:s?, s:b, s:b}", "run",
			 journal_text(side->name), "kernel", kernel->release,
			 "machine", kernel->machine, "accelerator",
			 kernel->accelerator, "time", side->run->time,
			 "gupcheck", side->run->version, "finished",
			 kernel->finished, "trusted",
			 !run_canary_broken(side->run, kernel));
}

static json_t *alone_json(const struct comparison *comparison,
			  const struct pair *pair)
{
	cleanup_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_alone(out, compare_side(comparison, pair)->kernel,
		    compare_shown(pair), " ");
	return fclose(out) ? NULL : json_string(text);
}

static json_t *pair_json(const struct comparison *comparison,
			 const struct pair *pair)
{
	return json_pack("{s:s, s:s, s:b, s:s?, s:o, s:o, s:o}", "id",
			 compare_shown(pair)->id, "change",
			 change_to_string(pair->change), "known_issue",
			 pair->known, "why", pair->why, "old",
			 record_json(pair->old), "new", record_json(pair->new),
			 "command", alone_json(comparison, pair));
}

static json_t *counts_json(const struct comparison *comparison)
{
	json_t *counts = json_object();
	int ret = 0;

	for (enum change i = 0; !ret && i < CHANGE_COUNT; i++)
		ret = json_object_set_new(
			counts, change_to_string(i),
			json_integer((json_int_t)comparison->counts[i]));
	if (!ret)
		ret = json_object_set_new(
			counts, "known-issue",
			json_integer((json_int_t)comparison->known));
	if (ret < 0) {
		json_decref(counts);
		return NULL;
	}
	return counts;
}

/* What did not change is counted, and not listed. */
static json_t *pairs_json(const struct comparison *comparison)
{
	json_t *cells = json_array();

	for (size_t i = 0; i < comparison->count; i++) {
		const struct pair *pair = &comparison->pairs[i];

		if (pair->change == CHANGE_SAME ||
		    pair->change == CHANGE_UNANSWERED)
			continue;
		if (json_array_append_new(cells, pair_json(comparison, pair)) <
		    0) {
			json_decref(cells);
			return NULL;
		}
	}
	return cells;
}

int compare_json(FILE *out, const struct comparison *comparison,
		 const struct report_options *options)
{
	json_t *report = json_pack(
		"{s:i, s:s, s:b, s:i, s:o, s:o, s:o, s:o}", "schema", SCHEMA,
		"gupcheck", GUPCHECK_VERSION, "strict", options->strict, "exit",
		comparison_exit_code(comparison, options->strict), "old",
		side_json(&comparison->old), "new", side_json(&comparison->new),
		"counts", counts_json(comparison), "cells",
		pairs_json(comparison));
	int ret;

	if (!report)
		return -ENOMEM;
	ret = json_dumpf(report, out,
			 JSON_INDENT(1) | JSON_ENSURE_ASCII |
				 JSON_REAL_PRECISION(6));
	json_decref(report);
	return ret < 0 || fputc('\n', out) == EOF ? -EIO : 0;
}
