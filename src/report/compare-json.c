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

/* The command of a run, or the one that shows @record again */
static json_t *command_json(const struct run_side *side,
			    const struct record *record)
{
	cleanup_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct command_line line = {.out = out};

	if (!out)
		return NULL;
	if (record)
		compare_put_again(&line, side, record);
	else
		compare_put_arguments(&line, side);
	return fclose(out) ? NULL : json_string(text);
}

static json_t *side_json(const struct run_side *side)
{
	const struct run_kernel *kernel = side->kernel;

	return json_pack(
		"{s:o, s:I, s:s, s:s?, s:s?, s:s?, s:o, s:s?, s:s?, s:b, s:b}",
		"run", journal_text(side->name), "runs",
		(json_int_t)run_side_count(side), "kernel", kernel->release,
		"machine", kernel->machine, "accelerator", kernel->accelerator,
		"config", kernel->config, "command",
		compare_has_arguments(side) ? command_json(side, NULL)
					    : json_null(),
		"time", side->run->time, "gupcheck", side->run->version,
		"finished", kernel->finished, "trusted",
		comparison_side_trusted(side));
}

static json_t *places_json(const struct places *places, const char *line)
{
	json_t *array = json_array();
	struct stack_symbol symbol;

	for (const char *at = line;
	     places && stack_symbol_find(line, at, &symbol);
	     at = symbol.text + symbol.len) {
		const struct place *place = places_find(places, &symbol);

		for (size_t i = 0; place && i < place->count; i++)
			json_array_append_new(
				array,
				json_pack(
					"{s:o, s:o}", "function",
					journal_text(place->lines[i].function),
					"where",
					journal_text(place->lines[i].where)));
	}
	return array;
}

/* The call trace of the new answer, each line with its places */
static json_t *stack_json(const struct comparison *comparison,
			  const struct record *record)
{
	const char *lines[STACK_MAX];
	json_t *stack = json_array();
	size_t count =
		record ? stack_find(record->log, record->log_count, lines) : 0;

	for (size_t i = 0; i < count; i++)
		json_array_append_new(
			stack,
			json_pack("{s:o, s:o}", "text", journal_text(lines[i]),
				  "places",
				  places_json(comparison->places, lines[i])));
	return stack;
}

static json_t *runs_json(const struct pair *pair)
{
	return json_pack("{s:{s:I, s:I}, s:{s:I, s:I}}", "old", "shown",
			 (json_int_t)pair->was.shown, "told",
			 (json_int_t)pair->was.told, "new", "shown",
			 (json_int_t)pair->is.shown, "told",
			 (json_int_t)pair->is.told);
}

static json_t *pair_json(const struct comparison *comparison,
			 const struct pair *pair)
{
	return json_pack("{s:s, s:s, s:b, s:s?, s:o, s:o, s:o, s:o, s:o}", "id",
			 compare_shown(pair)->id, "change",
			 change_to_string(pair->change), "known_issue",
			 pair->known, "why", pair->why, "old",
			 record_json(pair->old), "new", record_json(pair->new),
			 "runs", runs_json(pair), "stack",
			 stack_json(comparison, pair->new), "command",
			 command_json(compare_side(comparison, pair),
				      compare_shown(pair)));
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
		"{s:i, s:s, s:b, s:i, s:o, s:o, s:o, s:s?, s:o}", "schema",
		SCHEMA, "gupcheck", GUPCHECK_VERSION, "strict", options->strict,
		"exit", comparison_exit_code(comparison, options->strict),
		"old", side_json(&comparison->old), "new",
		side_json(&comparison->new), "counts", counts_json(comparison),
		"not_decoded", comparison->not_decoded, "cells",
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
