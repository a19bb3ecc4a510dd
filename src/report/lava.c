/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Signals of LAVA, each on a line of its own: `<LAVA_SIGNAL_TESTCASE …>`
 * without any `>` or `=` within, or the dispatcher drops it. A test case id
 * must be new within the whole of a test definition, so that no test sets are
 * used.
 */

#include <errno.h>

#include "base/cleanup.h"
#include "report/print.h"
#include "report/reporters.h"
#include "report/results.h"

/* TESTRAISE takes words; kmsg takes some 1000 bytes. */
#define RAISE_MAX 400

/* `.` parts what `_` is a part of. */
static const struct name_style style = {
	.slash = '.',
	.at = '-',
	.again = '-',
	.before_kernel = ".",
	.behind_kernel = "",
	.release = ".",
};

static const char *result_of(enum result result)
{
	switch (result) {
	case RESULT_PASS:
	case RESULT_FIXED:
	case RESULT_KNOWN:
		return "pass";
	case RESULT_FAIL:
	case RESULT_HUNG:
	case RESULT_VANISHED:
		return "fail";
	case RESULT_SKIP:
		return "skip";
	case RESULT_BROKEN:
	case RESULT_NOT_RUN:
	case RESULT_UNTRUSTED:
	case RESULT_COUNT:
		break;
	}
	return "unknown";
}

static void put_case(FILE *out, const char *prefix,
		     const struct result_entry *entry)
{
	fprintf(out, "%s<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=%s RESULT=%s",
		prefix, entry->name, result_of(entry->result));
	if (entry->record && entry->record->finished)
		fprintf(out, " UNITS=seconds MEASUREMENT=%.3f",
			result_seconds(entry));
	fputs(">\n", out);
}

/* What ends a job: nothing that was told can be trusted. */
static int put_raise(FILE *out, const char *prefix,
		     const struct result_entry *entry)
{
	cleanup_free char *line = NULL;
	size_t size = 0;
	FILE *text = open_memstream(&line, &size);

	if (!text)
		return -ENOMEM;
	fprintf(text, "%s: ", entry->name);
	print_word(text, entry->text, "<>");
	if (fclose(text))
		return -ENOMEM;
	/* at a character's end */
	while (size > RAISE_MAX || (line[size] & 0xc0) == 0x80)
		size--;
	fprintf(out, "%s<LAVA_SIGNAL_TESTRAISE %.*s>\n", prefix, (int)size,
		line);
	return 0;
}

static int put_signals(FILE *out, const struct run *run,
		       const struct report_options *options, const char *prefix)
{
	cleanup(results_done) struct results results = {NULL};
	int ret = results_build(&results, run, &style, options->strict);

	for (size_t i = 0; !ret && i < results.count; i++)
		put_case(out, prefix, &results.list[i]);
	for (size_t i = 0; !ret && i < results.count; i++)
		if (!results.list[i].record &&
		    results.list[i].result == RESULT_UNTRUSTED)
			ret = put_raise(out, prefix, &results.list[i]);
	return ret < 0 ? ret : ferror(out) ? -EIO : 0;
}

int report_lava(FILE *out, const struct run *run,
		const struct report_options *options)
{
	return put_signals(out, run, options, "");
}

/* Level 0 reaches every console, whatever its log level. */
int report_lava_kmsg(FILE *out, const struct run *run,
		     const struct report_options *options)
{
	return put_signals(out, run, options, "<0>");
}
