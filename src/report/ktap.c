/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * KTAP version 1 (Documentation/dev-tools/ktap.rst), flat: consumers that do
 * not know nested results see every cell. A `#` would end a description, so it
 * is replaced there and in the text of a directive.
 */

#include <errno.h>
#include <string.h>

#include "report/print.h"
#include "report/reporters.h"

static void put_diagnostic(FILE *out, const char *what, const char *text)
{
	fprintf(out, "# %s: ", what);
	print_line(out, text);
	fputc('\n', out);
}

/* Evidence may be several lines in one: each gets its own mark. */
static void put_evidence(FILE *out, const struct record *record)
{
	for (size_t i = 0; i < record->evidence_count; i++)
		put_diagnostic(out, "evidence", record->evidence[i]);
}

static void put_diagnostics(FILE *out, const struct record *record)
{
	fprintf(out, "# verdict: %s", record_word(record));
	if (record->outcome != OUTCOME_NONE)
		fprintf(out, ", %s", outcome_to_string(record->outcome));
	fputc('\n', out);
	if (record->error)
		put_diagnostic(out, "errno", record->error);
	put_diagnostic(out, "reason", record->reason);
	if (record->rule)
		put_diagnostic(out, "rule", record->rule);
	put_evidence(out, record);
}

/* The directive for what gave no answer, or NULL. */
static const char *no_answer_directive(const struct record *record)
{
	switch (record->verdict) {
	case VERDICT_SKIPPED:
		return record->finished ? "SKIP" : "ERROR";
	case VERDICT_BROKEN:
		return "ERROR";
	case VERDICT_HUNG:
		return "TIMEOUT";
	case VERDICT_SAFE:
	case VERDICT_REFUSED:
	case VERDICT_EXPOSED:
	case VERDICT_CORRUPT:
	case VERDICT_OOPS:
	case VERDICT_VANISHED:
	case VERDICT_COUNT:
		break;
	}
	return NULL;
}

static void put_result(FILE *out, const struct run *run, size_t index,
		       const struct report_options *options)
{
	const struct record *record = &run->records[index];
	const char *directive = no_answer_directive(record);
	const char *text = record->reason;
	bool failed = record->verdict == VERDICT_BROKEN ||
		      record_is_failure(record, options->strict);

	if (!failed && record->outcome == OUTCOME_KNOWN_ISSUE) {
		directive = "XFAIL";
		text = record->rule ? record->rule : record->reason;
	}
	if (failed || record->outcome == OUTCOME_KNOWN_ISSUE ||
	    record->outcome == OUTCOME_FIXED)
		put_diagnostics(out, record);

	fprintf(out, "%sok %zu ", failed ? "not " : "", index + 1);
	print_word(out, record->id, "# ");
	if (run->kernel_count > 1) {
		fputs(" [", out);
		print_word(out, record->kernel, "# ");
		fputc(']', out);
	}
	if (directive) {
		fprintf(out, " # %s ", directive);
		print_word(out, text, "#");
	}
	fputc('\n', out);
}

static void put_bail_out(FILE *out, const struct run_kernel *kernel)
{
	fprintf(out, "Bail out! the canary of %s was ", kernel->release);
	if (kernel->canary_seen) {
		fprintf(out, "%s: ", verdict_to_string(kernel->canary));
		print_line(out, kernel->canary_reason);
	} else {
		fputs("not seen", out);
	}
	fputc('\n', out);
}

int report_ktap(FILE *out, const struct run *run,
		const struct report_options *options)
{
	fputs("KTAP version 1\n", out);
	if (!run->record_count)
		fputs("1..0 # SKIP no cell was planned\n", out);
	else
		fprintf(out, "1..%zu\n", run->record_count);

	for (size_t i = 0; i < run->record_count; i++)
		put_result(out, run, i, options);
	for (size_t i = 0; i < run->kernel_count; i++)
		if (run_canary_broken(run, &run->kernels[i]))
			put_bail_out(out, &run->kernels[i]);
	return ferror(out) ? -EIO : 0;
}
