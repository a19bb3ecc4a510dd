/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Plain text for a mail to a kernel list: cells that changed alike stand
 * together, and only what others wrote is wider than a mail.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/command-line.h"
#include "report/compare-mail.h"
#include "report/print.h"

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_answer(const struct record *a, const struct record *b,
			bool outcome)
{
	if (!a || !b)
		return a == b;
	return !strcmp(record_word(a), record_word(b)) &&
	       same_text(a->error, b->error) &&
	       (!outcome || a->outcome == b->outcome);
}

static bool same_counts(const struct pair *a, const struct pair *b)
{
	return a->was.shown == b->was.shown && a->was.told == b->was.told &&
	       a->is.shown == b->is.shown && a->is.told == b->is.told;
}

bool mail_same_change(const struct mail *mail, const struct pair *a,
		      const struct pair *b)
{
	if (a->change != b->change || a->why != b->why || !same_counts(a, b) ||
	    !same_answer(a->old, b->old, !mail->strict) ||
	    !same_answer(a->new, b->new, !mail->strict))
		return false;
	if (!a->old || !a->new)
		return true;
	if (compare_tells_both(a) &&
	    !change_same_reason(a->old->reason, b->old->reason))
		return false;
	return change_same_reason(a->new->reason, b->new->reason);
}

/* Whether an earlier pair leads the group of @pair. */
static bool is_led(const struct mail *mail, const struct pair *pair)
{
	const struct pair *at = mail->comparison->pairs;

	for (; at < pair; at++)
		if (mail_same_change(mail, at, pair))
			return true;
	return false;
}

/* What others wrote: on one line, without control characters. */
static int put_text(const struct mail *mail, const char *first,
		    const char *text)
{
	cleanup_free char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return -ENOMEM;
	print_line(out, text);
	if (fclose(out))
		return -ENOMEM;
	print_wrapped_at(mail->out, MAIL_COLUMNS, first, 2, line);
	return 0;
}

static int put_reasons(const struct mail *mail, const struct pair *pair)
{
	int ret;

	if (!compare_tells_both(pair))
		return put_text(mail, "  ", pair->new->reason);
	ret = put_text(mail, "  old: ", pair->old->reason);
	return ret < 0 ? ret : put_text(mail, "  new: ", pair->new->reason);
}

static void put_evidence(const struct mail *mail, const struct record *record)
{
	const struct places *places = mail->comparison->places;
	const char *frames[STACK_MAX];
	size_t count = stack_find(record->log, record->log_count, frames);

	for (size_t i = 0;
	     i < record->evidence_count && i < COMPARE_EVIDENCE_LINES; i++)
		compare_put_message(mail->out, "  | ", record->evidence[i],
				    places);
	if (record->evidence_count > COMPARE_EVIDENCE_LINES)
		fprintf(mail->out, "  | ... %zu more\n",
			record->evidence_count - COMPARE_EVIDENCE_LINES);
	if (count)
		fputs("  | Call trace:\n", mail->out);
	for (size_t i = 0; i < count; i++)
		compare_put_message(mail->out, "  | ", frames[i], places);
}

static int put_example(const struct mail *mail, const struct pair *pair,
		       bool several)
{
	struct command_line line = {
		.out = mail->out,
		.columns = MAIL_COLUMNS,
		.indent = 2,
	};
	int ret;

	fputs(several ? "\n  In the first of these:\n" : "\n", mail->out);
	ret = put_reasons(mail, pair);
	put_evidence(mail, pair->new);
	fputs("\n  ", mail->out);
	compare_put_again(&line, &mail->comparison->new, pair->new);
	fputc('\n', mail->out);
	return ret;
}

static int put_title(const struct mail *mail, const char *title,
		     const struct pair *pair)
{
	cleanup_free char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return -ENOMEM;
	fprintf(out, "%s: ", title);
	if (pair->old)
		compare_put_answer(out, pair->old, false, !mail->strict);
	if (pair->old && pair->new)
		fputs(" -> ", out);
	if (pair->new)
		compare_put_answer(out, pair->new, false, !mail->strict);
	if (fclose(out))
		return -ENOMEM;
	fputc('\n', mail->out);
	print_wrapped_at(mail->out, MAIL_COLUMNS, "", 2, line);
	return 0;
}

static int put_group(const struct mail *mail, const char *title,
		     const struct pair *leader)
{
	int ret = put_title(mail, title, leader);
	size_t count;

	if (leader->why)
		print_wrapped_at(mail->out, MAIL_COLUMNS, "", 0, leader->why);
	compare_put_runs(mail->out, mail->comparison, leader, "");
	fputc('\n', mail->out);
	count = mail_put_cells(mail, leader);
	if (ret < 0 || !leader->old || !leader->new)
		return ret;
	return put_example(mail, leader, count > 1);
}

static int put_section(const struct mail *mail,
		       const struct compare_section *section)
{
	const char *title = compare_section_title(section, mail->strict);
	int ret = 0;

	for (size_t i = 0; title && !ret && i < mail->comparison->count; i++) {
		const struct pair *pair = &mail->comparison->pairs[i];

		if (compare_section_has(section, pair, mail->strict) &&
		    !is_led(mail, pair))
			ret = put_group(mail, title, pair);
	}
	return ret;
}

/* What was run, to be run again: its arguments, if the journal has them */
static void put_run(const struct mail *mail, const struct run_side *side)
{
	struct command_line line = {
		.out = mail->out,
		.columns = MAIL_COLUMNS,
		.indent = 5,
	};

	if (!compare_has_arguments(side))
		return;
	fputs("     ", mail->out);
	compare_put_arguments(&line, side);
	fputc('\n', mail->out);
}

static void put_side(const struct mail *mail, const struct run_side *side,
		     const char *word)
{
	fprintf(mail->out, "%s: ", word);
	compare_put_kernel(mail->out, side->kernel);
	fputs("\n     ", mail->out);
	compare_put_config(mail->out, side->kernel);
	compare_put_run_count(mail->out, side);
	fputc('\n', mail->out);
	put_run(mail, side);
}

static void put_subject(const struct mail *mail)
{
	const struct comparison *comparison = mail->comparison;
	size_t worse = comparison_worse(comparison, mail->strict);

	if (!comparison_trusted(comparison)) {
		fputs("gupcheck: not to be trusted\n\n", mail->out);
		return;
	}
	fprintf(mail->out, "gupcheck: %zu cell%s got worse, ", worse,
		plural(worse));
	if (!mail->strict && comparison->known)
		fprintf(mail->out, "%zu in a known way, ", comparison->known);
	fprintf(mail->out, "%zu got better\n\n",
		comparison->counts[CHANGE_BETTER]);
}

static void put_head(const struct mail *mail)
{
	const struct comparison *comparison = mail->comparison;

	put_subject(mail);
	put_side(mail, &comparison->old, "OLD");
	put_side(mail, &comparison->new, "NEW");
	if (compare_configs_differ(comparison))
		print_wrapped_at(mail->out, MAIL_COLUMNS, "", 0,
				 COMPARE_CONFIGS_DIFFER);
	fputs("Cells: ", mail->out);
	compare_put_counts(mail->out, comparison, mail->strict, "\n       ");
	fputc('\n', mail->out);
}

int compare_mail(FILE *out, const struct comparison *comparison,
		 const struct report_options *options)
{
	const struct mail mail = {out, comparison, options->strict};
	int ret = 0;

	put_head(&mail);
	for (const struct compare_section *at = compare_sections;
	     !ret && at->title; at++)
		ret = put_section(&mail, at);
	if (ret < 0)
		return ret;
	if (comparison->not_decoded)
		ret = put_text(&mail, "\nStacks are not decoded: ",
			       comparison->not_decoded);
	if (ret < 0)
		return ret;
	compare_put_canaries(out, comparison);
	return ferror(out) ? -EIO : 0;
}
