/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * TAP 13, flat: meson, prove and automake read it, and TAP 14 takes it as it
 * is. A known issue is `not ok` with TODO, the only directive for it. Names and
 * texts are without `#` and `\\`, so that there is nothing to escape in either.
 */

#include <errno.h>

#include "base/cleanup.h"
#include "report/print.h"
#include "report/reporters.h"
#include "report/results.h"

#define FORBIDDEN "#\\"

static void put_comment(FILE *out, const char *what, const char *text)
{
	fprintf(out, "# %s: ", what);
	print_line(out, text);
	fputc('\n', out);
}

static void put_comments(FILE *out, const struct result_entry *entry)
{
	const struct record *record = entry->record;

	fprintf(out, "# verdict: %s\n", result_word(entry));
	put_comment(out, "reason", entry->text);
	if (!record)
		return;
	if (record->error)
		put_comment(out, "errno", record->error);
	if (entry->text != record->reason)
		put_comment(out, "seen", record->reason);
	for (size_t i = 0; i < record->evidence_count; i++)
		put_comment(out, "evidence", record->evidence[i]);
}

static void put_result(FILE *out, const struct result_entry *entry,
		       size_t number)
{
	bool known = entry->result == RESULT_KNOWN;
	bool skip = entry->result == RESULT_SKIP;
	bool ok = skip || (result_is_good(entry->result) && !known);

	fprintf(out, "%sok %zu %s", ok ? "" : "not ", number, entry->name);
	if (known || skip) {
		fputs(skip ? " # SKIP " : " # TODO ", out);
		print_word(out, entry->text, FORBIDDEN);
	}
	fputc('\n', out);
	if (!ok || entry->result == RESULT_FIXED)
		put_comments(out, entry);
}

static void put_bail_out(FILE *out, const struct result_entry *entry)
{
	fprintf(out, "Bail out! %s: ", entry->name);
	print_word(out, entry->text, FORBIDDEN);
	fputc('\n', out);
}

int report_tap(FILE *out, const struct run *run,
	       const struct report_options *options)
{
	cleanup(results_done) struct results results = {NULL};
	int ret = results_build(&results, run, &name_style_lines,
				options->strict);

	if (ret < 0)
		return ret;
	fputs("TAP version 13\n", out);
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
