/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/admission-text.h"
#include "report/kernels.h"
#include "report/matrix.h"
#include "report/names.h"
#include "report/print.h"
#include "report/reporters.h"
#include "runner/fingerprint.h"

/* Evidence beyond this is for the other formats. */
#define EVIDENCE_LINES 3

/** struct page - what every section needs */
struct page {
	FILE *out;
	const struct run *run;
	const struct report_options *options;
};

static const struct run_kernel *kernel_of(const struct run *run,
					  const struct record *record)
{
	for (size_t i = 0; i < run->kernel_count; i++)
		if (!strcmp(run->kernels[i].release, record->kernel))
			return &run->kernels[i];
	return NULL;
}

/* The title stands above the first entry, and nowhere when there is none. */
static void put_title(const struct page *page, bool *done, const char *title)
{
	bool color = page->options->color;

	if (!*done)
		fprintf(page->out, "\n%s%s%s\n", style_bold(color), title,
			style_off(color));
	*done = true;
}

static void put_cell(const struct page *page, const struct record *record)
{
	bool color = page->options->color;

	fputs("  ", page->out);
	print_line(page->out, record->id);
	fprintf(page->out, ": %s%s%s", style_on(color, record->verdict),
		record_word(record), style_off(color));
	if (record->error) {
		fputc(' ', page->out);
		print_line(page->out, record->error);
	}
	if (page->run->kernel_count > 1) {
		fputs(" on ", page->out);
		print_line(page->out, record->kernel);
	}
}

static void put_command(const struct page *page, const struct record *record)
{
	fputs("      alone: ", page->out);
	print_alone(page->out, kernel_of(page->run, record), record, " ");
	fputc('\n', page->out);
}

static void put_details(const struct page *page, const struct record *record)
{
	put_cell(page, record);
	fputs("\n      ", page->out);
	print_line(page->out, record->reason);
	fputc('\n', page->out);
	if (record->rule) {
		fputs("      rule: ", page->out);
		print_line(page->out, record->rule);
		fputc('\n', page->out);
	}
	for (size_t i = 0; i < record->evidence_count; i++) {
		if (i == EVIDENCE_LINES) {
			fprintf(page->out, "      | ... %zu more\n",
				record->evidence_count - i);
			break;
		}
		fputs("      | ", page->out);
		print_line(page->out, record->evidence[i]);
		fputc('\n', page->out);
	}
	put_command(page, record);
}

static void put_one_line(const struct page *page, const struct record *record,
			 const char *text)
{
	put_cell(page, record);
	fputs(": ", page->out);
	print_line(page->out, text);
	fputc('\n', page->out);
}

static bool is_unexpected(const struct record *record)
{
	return verdict_is_answer(record->verdict) &&
	       record->outcome != OUTCOME_KNOWN_ISSUE &&
	       record_is_failure(record, false);
}

/* Something went wrong before there was an answer. */
static bool is_lost(const struct record *record)
{
	return record->verdict == VERDICT_BROKEN ||
	       record->verdict == VERDICT_HUNG ||
	       record->verdict == VERDICT_VANISHED;
}

static bool is_not_run(const struct record *record)
{
	return record->verdict == VERDICT_SKIPPED && !record->finished;
}

static void put_bare(const struct page *page, const struct record *record)
{
	put_cell(page, record);
	fputc('\n', page->out);
}

/* One bug, many cells: the first is told of in full, the others are named. */
static void put_alike(const struct page *page, char (*ids)[FINGERPRINT_ID_SIZE],
		      size_t lead)
{
	const struct record *records = page->run->records;
	struct fingerprint print;
	size_t count = 0;

	for (size_t i = lead + 1; i < page->run->record_count; i++)
		count += !strcmp(ids[i], ids[lead]);
	if (!count)
		return;
	fingerprint_of(&records[lead], &print);
	fprintf(page->out, "      %zu more alike, %s: ", count, print.id);
	print_line(page->out, print.text);
	fputc('\n', page->out);
	for (size_t i = lead + 1; i < page->run->record_count; i++) {
		if (strcmp(ids[i], ids[lead]) != 0)
			continue;
		fputs("      ", page->out);
		if (records[i].rule)
			put_one_line(page, &records[i], records[i].rule);
		else
			put_bare(page, &records[i]);
		/* it was told of: no group begins with it */
		ids[i][0] = '\0';
	}
}

static int put_findings(const struct page *page, const char *title,
			bool (*wanted)(const struct record *record))
{
	size_t count = page->run->record_count;
	cleanup_free char(*ids)[FINGERPRINT_ID_SIZE] =
		calloc(count + 1, sizeof(*ids));
	bool titled = false;

	if (!ids)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct record *record = &page->run->records[i];
		struct fingerprint print;

		if (wanted(record) && fingerprint_of(record, &print))
			memcpy(ids[i], print.id, sizeof(print.id));
	}
	for (size_t i = 0; i < count; i++) {
		if (!ids[i][0])
			continue;
		put_title(page, &titled, title);
		put_details(page, &page->run->records[i]);
		put_alike(page, ids, i);
	}
	return 0;
}

static bool is_known(const struct page *page, const struct record *record)
{
	return record->outcome == OUTCOME_KNOWN_ISSUE;
}

/* FIXED says of a cell that it is better than its rule, which may be wide. */
static bool is_fixed(const struct page *page, const struct record *record)
{
	return record->outcome == OUTCOME_FIXED &&
	       !run_rule_holds(page->run, record);
}

static bool is_fixed_in_part(const struct page *page,
			     const struct record *record)
{
	return record->outcome == OUTCOME_FIXED &&
	       run_rule_holds(page->run, record);
}

static void put_outcomes(const struct page *page, const char *title,
			 bool (*wanted)(const struct page *page,
					const struct record *record))
{
	bool titled = false;

	for (size_t i = 0; i < page->run->record_count; i++) {
		const struct record *record = &page->run->records[i];

		if (!wanted(page, record))
			continue;
		put_title(page, &titled, title);
		put_one_line(page, record,
			     record->rule ? record->rule : record->reason);
	}
}

static void put_reason(const struct page *page, const char *kernel,
		       const char *reason, bool not_run)
{
	size_t count = 0;

	for (size_t i = 0; i < page->run->record_count; i++) {
		const struct record *record = &page->run->records[i];

		count += record->verdict == VERDICT_SKIPPED &&
			 is_not_run(record) == not_run &&
			 !strcmp(record->kernel, kernel) &&
			 !strcmp(record->reason, reason);
	}
	fprintf(page->out, "%6zu ", count);
	if (page->run->kernel_count > 1) {
		fputs("on ", page->out);
		print_line(page->out, kernel);
		fputs(": ", page->out);
	}
	print_line(page->out, reason);
	fputc('\n', page->out);
}

/* Skipped, or never run, by kernel and reason. */
static int put_skipped(const struct page *page, const char *title, bool not_run)
{
	bool titled = false;

	for (size_t k = 0; k < page->run->kernel_count; k++) {
		cleanup(names_done) struct names reasons = {NULL};
		const char *kernel = page->run->kernels[k].release;

		for (size_t i = 0; i < page->run->record_count; i++) {
			const struct record *record = &page->run->records[i];

			if (record->verdict == VERDICT_SKIPPED &&
			    is_not_run(record) == not_run &&
			    !strcmp(record->kernel, kernel) &&
			    names_add(&reasons, record->reason) < 0)
				return -ENOMEM;
		}
		for (size_t i = 0; i < reasons.count; i++) {
			put_title(page, &titled, title);
			put_reason(page, kernel, reasons.list[i], not_run);
		}
	}
	return 0;
}

static void put_head(const struct page *page)
{
	const struct run *run = page->run;

	fprintf(page->out, "gupcheck %s", run->version);
	if (run->time)
		fprintf(page->out, ", %s", run->time);
	fputc('\n', page->out);
	for (size_t i = 0; i < run->kernel_count; i++) {
		const struct run_kernel *kernel = &run->kernels[i];
		struct tally tally;

		run_tally(run, kernel->release, &tally);
		fputs("kernel ", page->out);
		print_line(page->out, kernel->release);
		if (kernel->machine && kernel->accelerator)
			fprintf(page->out, " (%s, %s)", kernel->machine,
				kernel->accelerator);
		fprintf(page->out, ": %zu cell%s", tally.total,
			plural(tally.total));
		/* a hang is judged by it */
		if (kernel->limit_factor > 0 && kernel->limit_factor != 1)
			fprintf(page->out, ", time limits times %.1f",
				kernel->limit_factor);
		fputc('\n', page->out);
	}
}

/* Rules that are good for nothing: the same on each kernel */
static int put_stale(const struct page *page)
{
	cleanup(names_done) struct names rules = {NULL};
	bool titled = false;

	for (size_t i = 0; i < page->run->kernel_count; i++) {
		const struct run_kernel *kernel = &page->run->kernels[i];

		for (size_t k = 0; k < kernel->stale_count; k++)
			if (names_add(&rules, kernel->stale[k]) < 0)
				return -ENOMEM;
	}
	for (size_t i = 0; i < rules.count; i++) {
		put_title(page, &titled, "RULES OF NO USE");
		fputs("  ", page->out);
		print_line(page->out, rules.list[i]);
		fputc('\n', page->out);
	}
	return 0;
}

static void put_legend(const struct page *page)
{
	struct tally tally;
	bool known, unexpected;

	run_tally(page->run, NULL, &tally);
	known = tally.outcomes[OUTCOME_KNOWN_ISSUE];
	unexpected = tally.outcomes[OUTCOME_UNEXPECTED];
	if (known || unexpected)
		fprintf(page->out, "\n%s%s%s\n",
			unexpected ? "! unexpected" : "",
			known && unexpected ? "   " : "",
			known ? "* known issue" : "");
}

static void put_canaries(const struct page *page)
{
	bool titled = false;

	for (size_t i = 0; i < page->run->kernel_count; i++) {
		const struct run_kernel *kernel = &page->run->kernels[i];

		if (!run_canary_broken(page->run, kernel))
			continue;
		put_title(page, &titled, "NOT TO BE TRUSTED");
		fputs("  ", page->out);
		print_line(page->out, kernel->release);
		fputs(": the cell that corrupts on purpose was ", page->out);
		if (kernel->canary_seen) {
			fprintf(page->out, "judged %s: ",
				verdict_to_string(kernel->canary));
			print_line(page->out, kernel->canary_reason);
		} else {
			fputs("not run", page->out);
		}
		fputc('\n', page->out);
	}
}

int report_text(FILE *out, const struct run *run,
		const struct report_options *options)
{
	struct page page = {out, run, options};
	int ret;

	put_head(&page);
	for (size_t i = 0; i < run->kernel_count; i++) {
		ret = admission_print(out, run, &run->kernels[i]);
		if (ret < 0)
			return ret;
	}
	ret = matrix_print(out, run, options);
	if (ret < 0)
		return ret;
	put_legend(&page);

	ret = put_findings(&page, "UNEXPECTED", is_unexpected);
	if (!ret)
		ret = put_findings(&page, "NO VERDICT", is_lost);
	if (ret < 0)
		return ret;
	put_outcomes(&page,
		     options->strict ? "KNOWN ISSUES, counted as unexpected"
				     : "KNOWN ISSUES",
		     is_known);
	put_outcomes(&page, "FIXED, the rule can go", is_fixed);
	put_outcomes(&page, "FIXED, the rule can be narrowed",
		     is_fixed_in_part);
	ret = put_stale(&page);
	if (!ret)
		ret = put_skipped(&page, "NOT RUN", true);
	if (!ret)
		ret = put_skipped(&page, "SKIPPED", false);
	put_canaries(&page);
	if (!ret)
		ret = kernels_print(out, run, options);

	fputc('\n', out);
	for (size_t i = 0; !ret && i < run->kernel_count; i++)
		ret = summary_print(out, run, &run->kernels[i], options);
	return ret < 0 ? ret : ferror(out) ? -EIO : 0;
}
