/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What is wrong, one bug once; what is known; what got better. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/alone.h"
#include "report/print.h"
#include "report/text.h"
#include "runner/fingerprint.h"

/* Evidence beyond this is for the other formats. */
#define EVIDENCE_LINES 3

static void put_cell(const struct text_page *page, const struct record *record)
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

static void put_command(const struct text_page *page,
			const struct record *record)
{
	fputs("      alone: ", page->out);
	alone_put(page->out, page->run,
		  run_find_kernel(page->run, record->kernel), record->id);
	fputc('\n', page->out);
}

static void put_details(const struct text_page *page,
			const struct record *record)
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
	if (record->image.file) {
		fputs("      image: ", page->out);
		print_line(page->out, record->image.file);
		fputc('\n', page->out);
	}
	put_command(page, record);
}

static void put_one_line(const struct text_page *page,
			 const struct record *record, const char *text)
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

static void put_bare(const struct text_page *page, const struct record *record)
{
	put_cell(page, record);
	fputc('\n', page->out);
}

/* One bug, many cells: the first is told of in full, the others are named. */
static void put_alike(const struct text_page *page,
		      char (*ids)[FINGERPRINT_ID_SIZE], size_t lead)
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

static int put_findings(const struct text_page *page, const char *title,
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
		text_put_title(page, &titled, title);
		put_details(page, &page->run->records[i]);
		put_alike(page, ids, i);
	}
	return 0;
}

static bool is_known(const struct text_page *page, const struct record *record)
{
	return record->outcome == OUTCOME_KNOWN_ISSUE;
}

/* FIXED says of a cell that it is better than its rule, which may be wide. */
static bool is_fixed(const struct text_page *page, const struct record *record)
{
	return record->outcome == OUTCOME_FIXED &&
	       !run_rule_holds(page->run, record);
}

static bool is_fixed_in_part(const struct text_page *page,
			     const struct record *record)
{
	return record->outcome == OUTCOME_FIXED &&
	       run_rule_holds(page->run, record);
}

static void put_outcomes(const struct text_page *page, const char *title,
			 bool (*wanted)(const struct text_page *page,
					const struct record *record))
{
	bool titled = false;

	for (size_t i = 0; i < page->run->record_count; i++) {
		const struct record *record = &page->run->records[i];

		if (!wanted(page, record))
			continue;
		text_put_title(page, &titled, title);
		put_one_line(page, record,
			     record->rule ? record->rule : record->reason);
	}
}

int text_put_findings(const struct text_page *page)
{
	int ret = put_findings(page, "UNEXPECTED", is_unexpected);

	if (!ret)
		ret = put_findings(page, "NO VERDICT", is_lost);
	if (ret < 0)
		return ret;
	put_outcomes(page,
		     page->options->strict
			     ? "KNOWN ISSUES, counted as unexpected"
			     : "KNOWN ISSUES",
		     is_known);
	put_outcomes(page, "FIXED, the rule can go", is_fixed);
	put_outcomes(page, "FIXED, the rule can be narrowed", is_fixed_in_part);
	return 0;
}
