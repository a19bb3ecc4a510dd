/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/admission-text.h"
#include "report/kernels.h"
#include "report/matrix.h"
#include "report/names.h"
#include "report/print.h"
#include "report/reporters.h"
#include "report/text.h"

void text_put_title(const struct text_page *page, bool *done, const char *title)
{
	bool color = page->options->color;

	if (!*done)
		fprintf(page->out, "\n%s%s%s\n", style_bold(color), title,
			style_off(color));
	*done = true;
}

static bool is_not_run(const struct record *record)
{
	return record->verdict == VERDICT_SKIPPED && !record->finished;
}

static void put_reason(const struct text_page *page, const char *kernel,
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
static int put_skipped(const struct text_page *page, const char *title,
		       bool not_run)
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
			text_put_title(page, &titled, title);
			put_reason(page, kernel, reasons.list[i], not_run);
		}
	}
	return 0;
}

static void put_head(const struct text_page *page)
{
	const struct run *run = page->run;

	print_lines(page->out, "gupcheck ", run->version,
		    run->time ? ", " : NULL, run->time);
	fputc('\n', page->out);
	for (size_t i = 0; i < run->kernel_count; i++) {
		const struct run_kernel *kernel = &run->kernels[i];
		struct tally tally;

		run_tally(run, kernel->release, &tally);
		fputs("kernel ", page->out);
		print_line(page->out, kernel->release);
		if (kernel->machine && kernel->accelerator)
			print_lines(page->out, " (", kernel->machine, ", ",
				    kernel->accelerator, ")");
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
static int put_stale(const struct text_page *page)
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
		text_put_title(page, &titled, "RULES OF NO USE");
		fputs("  ", page->out);
		print_line(page->out, rules.list[i]);
		fputc('\n', page->out);
	}
	return 0;
}

static void put_legend(const struct text_page *page)
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

static void put_canaries(const struct text_page *page)
{
	bool titled = false;

	for (size_t i = 0; i < page->run->kernel_count; i++) {
		const struct run_kernel *kernel = &page->run->kernels[i];

		if (!run_canary_broken(page->run, kernel))
			continue;
		text_put_title(page, &titled, "NOT TO BE TRUSTED");
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
	struct text_page page = {out, run, options};
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

	ret = text_put_findings(&page);
	if (!ret)
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
