/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * KTAP version 1 (Documentation/dev-tools/ktap.rst), flat: consumers that do
 * not know nested results see every cell. A `#` would end a description, so it
 * is replaced there and in the text of a directive. What is wrong with a whole
 * kernel is a result too: not every consumer heeds `Bail out!`.
 */

#include <errno.h>

#include "base/cleanup.h"
#include "report/print.h"
#include "report/reporters.h"
#include "report/results.h"

static void put_diagnostic(FILE *out, const char *what, const char *text)
{
	fprintf(out, "# %s: ", what);
	print_line(out, text);
	fputc('\n', out);
}

/* They stand before the result that they explain. */
static void put_diagnostics(FILE *out, const struct result_entry *entry)
{
	const struct record *record = entry->record;

	fprintf(out, "# verdict: %s", result_word(entry));
	if (record && record->outcome != OUTCOME_NONE)
		fprintf(out, ", %s", outcome_to_string(record->outcome));
	fputc('\n', out);
	if (!record) {
		put_diagnostic(out, "reason", entry->text);
		return;
	}
	if (record->error)
		put_diagnostic(out, "errno", record->error);
	put_diagnostic(out, "reason", record->reason);
	if (record->rule)
		put_diagnostic(out, "rule", record->rule);
	for (size_t i = 0; i < record->evidence_count; i++)
		put_diagnostic(out, "evidence", record->evidence[i]);
}

/* Or NULL: `ok` and `not ok` say it all. */
static const char *directive_of(enum result result)
{
	switch (result) {
	case RESULT_KNOWN:
		return "XFAIL";
	case RESULT_SKIP:
		return "SKIP";
	case RESULT_HUNG:
		return "TIMEOUT";
	case RESULT_BROKEN:
	case RESULT_NOT_RUN:
	case RESULT_UNTRUSTED:
		return "ERROR";
	case RESULT_PASS:
	case RESULT_FIXED:
	case RESULT_FAIL:
	case RESULT_VANISHED:
	case RESULT_COUNT:
		break;
	}
	return NULL;
}

static void put_result(FILE *out, const struct result_entry *entry,
		       size_t number)
{
	const char *directive = directive_of(entry->result);
	bool ok = result_is_good(entry->result) || entry->result == RESULT_SKIP;

	if (!ok || entry->result == RESULT_KNOWN ||
	    entry->result == RESULT_FIXED)
		put_diagnostics(out, entry);
	fprintf(out, "%sok %zu %s", ok ? "" : "not ", number, entry->name);
	if (directive) {
		fprintf(out, " # %s ", directive);
		print_word(out, entry->text, "#");
	}
	fputc('\n', out);
}

static void put_bail_out(FILE *out, const struct result_entry *entry)
{
	const struct run_kernel *kernel = entry->kernel;

	fputs("Bail out! the canary of ", out);
	print_line(out, kernel->release);
	fprintf(out, " was %s: ",
		kernel->canary_seen ? verdict_to_string(kernel->canary)
				    : "not seen");
	print_line(out, entry->text);
	fputc('\n', out);
}

int report_ktap(FILE *out, const struct run *run,
		const struct report_options *options)
{
	cleanup(results_done) struct results results = {NULL};
	int ret = results_build(&results, run, &name_style_lines,
				options->strict);

	if (ret < 0)
		return ret;
	fputs("KTAP version 1\n", out);
	if (results.count)
		fprintf(out, "1..%zu\n", results.count);
	else
		fputs("1..0 # SKIP no cell was planned\n", out);
	for (size_t i = 0; i < results.count; i++)
		put_result(out, &results.list[i], i + 1);
	for (size_t i = 0; i < results.count; i++)
		if (!results.list[i].record &&
		    results.list[i].result == RESULT_UNTRUSTED)
			put_bail_out(out, &results.list[i]);
	return ferror(out) ? -EIO : 0;
}
