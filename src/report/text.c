/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/kernels.h"
#include "report/matrix.h"
#include "report/names.h"
#include "report/print.h"
#include "report/reporters.h"

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

static void put_findings(const struct page *page, const char *title,
			 bool (*wanted)(const struct record *record))
{
	bool titled = false;

	for (size_t i = 0; i < page->run->record_count; i++) {
		const struct record *record = &page->run->records[i];

		if (!wanted(record))
			continue;
		put_title(page, &titled, title);
		put_details(page, record);
	}
}

static void put_outcomes(const struct page *page, const char *title,
			 enum outcome outcome)
{
	bool titled = false;

	for (size_t i = 0; i < page->run->record_count; i++) {
		const struct record *record = &page->run->records[i];

		if (record->outcome != outcome)
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
	ret = matrix_print(out, run, options);
	if (ret < 0)
		return ret;
	put_legend(&page);

	put_findings(&page, "UNEXPECTED", is_unexpected);
	put_findings(&page, "NO VERDICT", is_lost);
	put_outcomes(&page,
		     options->strict ? "KNOWN ISSUES, counted as unexpected"
				     : "KNOWN ISSUES",
		     OUTCOME_KNOWN_ISSUE);
	put_outcomes(&page, "FIXED, the rule can go", OUTCOME_FIXED);
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
