/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <jansson.h>

#include "report/admission-text.h"
#include "report/reporters.h"
#include "runner/fingerprint.h"
#include "runner/journal.h"

#define SCHEMA 1

json_t *report_evidence(const struct record *record)
{
	json_t *lines = json_array();

	for (size_t i = 0; i < record->evidence_count; i++)
		if (json_array_append_new(
			    lines, journal_text(record->evidence[i])) < 0)
			break;
	return lines;
}

static json_t *fingerprint_json(const struct record *record)
{
	struct fingerprint print;

	if (!fingerprint_of(record, &print))
		return json_null();
	return json_pack("{s:s, s:o}", "id", print.id, "text",
			 journal_text(print.text));
}

/* null where none was to be kept */
static json_t *image_json(const struct record_image *image)
{
	if (!image->file && !image->note)
		return json_null();
	return json_pack("{s:o, s:I, s:b, s:o}", "file",
			 image->file ? journal_text(image->file) : json_null(),
			 "bytes", (json_int_t)image->bytes, "unmounted",
			 image->unmounted, "note",
			 image->note ? journal_text(image->note) : json_null());
}

static json_t *record_json(const struct record *record)
{
	return json_pack(
		"{s:o, s:o, s:s, s:s, s:o, s:o, s:f, s:o, s:o, s:o, s:o}", "id",
		journal_text(record->id), "kernel",
		journal_text(record->kernel), "verdict",
		verdict_to_string(record->verdict), "outcome",
		outcome_to_string(record->outcome), "errno",
		record->error ? journal_text(record->error) : json_null(),
		"reason", journal_text(record->reason), "seconds",
		record->seconds, "evidence", report_evidence(record),
		"fingerprint", fingerprint_json(record), "rule",
		record->rule ? journal_text(record->rule) : json_null(),
		"image", image_json(&record->image));
}

static json_t *admissions(const struct run *run)
{
	json_t *list = json_array();

	for (size_t i = 0; i < run->kernel_count; i++)
		if (json_array_append_new(
			    list, admission_json(run, &run->kernels[i])) < 0)
			break;
	return list;
}

int report_json(FILE *out, const struct run *run,
		const struct report_options *options)
{
	json_t *cells = json_array();
	json_t *report;
	int ret = 0;

	for (size_t i = 0; !ret && i < run->record_count; i++)
		ret = json_array_append_new(cells,
					    record_json(&run->records[i]));
	report = json_pack("{s:i, s:s, s:o, s:o}", "schema", SCHEMA, "gupcheck",
			   run->version, "admission", admissions(run), "cells",
			   cells);
	if (ret < 0 || !report) {
		json_decref(report);
		return -ENOMEM;
	}

	ret = json_dumpf(report, out,
			 JSON_INDENT(1) | JSON_ENSURE_ASCII |
				 JSON_REAL_PRECISION(6));
	json_decref(report);
	return ret < 0 || fputc('\n', out) == EOF ? -EIO : 0;
}
