/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Plain text for a mail to a kernel list: cells that changed alike stand
 * together, and only what others wrote is wider than a mail.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/compare.h"
#include "report/print.h"

#define MAIL_COLUMNS 72

/** struct mail - what every part needs */
struct mail {
	FILE *out;
	const struct comparison *comparison;
	bool strict;
};

/** struct slice - a part of an id */
struct slice {
	const char *text;
	size_t len;
};

/**
 * struct braces - a line `mechanism/{ext4,xfs}/scenario` as it grows
 * @head, @tail: what stands before and behind the filesystems
 * @first: not printed yet: alone it needs no braces
 * @column: how far the line has come
 * @open: the braces are
 */
struct braces {
	struct slice head;
	struct slice tail;
	struct slice first;
	size_t column;
	bool open;
};

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

/* Both sides say the same, and for the same reason. */
static bool same_change(const struct mail *mail, const struct pair *a,
			const struct pair *b)
{
	if (a->change != b->change || a->why != b->why ||
	    !same_answer(a->old, b->old, !mail->strict) ||
	    !same_answer(a->new, b->new, !mail->strict))
		return false;
	if (!a->old || !a->new)
		return true;
	if ((a->change == CHANGE_REASON || a->change == CHANGE_CANNOT_TELL) &&
	    !change_same_reason(a->old->reason, b->old->reason))
		return false;
	return change_same_reason(a->new->reason, b->new->reason);
}

/* Whether an earlier pair leads the group of @pair. */
static bool is_led(const struct mail *mail, const struct pair *pair)
{
	const struct pair *at = mail->comparison->pairs;

	for (; at < pair; at++)
		if (same_change(mail, at, pair))
			return true;
	return false;
}

static void put_slice(FILE *out, const struct slice *slice)
{
	cleanup_free char *text = strndup(slice->text, slice->len);

	print_line(out, text ? text : "");
}

/* False for what is no mechanism/filesystem/rest. */
static bool split_id(const char *id, struct slice *head,
		     struct slice *filesystem, struct slice *tail)
{
	const char *first = strchr(id, '/');
	const char *second = first ? strchr(first + 1, '/') : NULL;

	if (!second)
		return false;
	*head = (struct slice){id, (size_t)(first - id) + 1};
	*filesystem = (struct slice){first + 1, (size_t)(second - first - 1)};
	*tail = (struct slice){second, strlen(second)};
	return true;
}

static bool same_slice(const struct slice *a, const struct slice *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

static void end_line(FILE *out, struct braces *braces)
{
	if (!braces->first.text && !braces->open)
		return;
	if (!braces->open) {
		fputs("  ", out);
		put_slice(out, &braces->head);
		put_slice(out, &braces->first);
	} else {
		fputc('}', out);
	}
	put_slice(out, &braces->tail);
	fputc('\n', out);
	braces->open = false;
	braces->first.text = NULL;
}

static void add_filesystem(FILE *out, struct braces *braces,
			   struct slice filesystem)
{
	size_t ends = braces->tail.len + 1; /* with its brace */

	if (braces->open &&
	    braces->column + 1 + filesystem.len + ends > MAIL_COLUMNS)
		end_line(out, braces);
	if (!braces->open && !braces->first.text) {
		braces->first = filesystem;
		return;
	}
	if (!braces->open) {
		braces->column = 2 + braces->head.len + 1 + braces->first.len;
		if (braces->column + 1 + filesystem.len + ends > MAIL_COLUMNS) {
			end_line(out, braces);
			braces->first = filesystem;
			return;
		}
		fputs("  ", out);
		put_slice(out, &braces->head);
		fputc('{', out);
		put_slice(out, &braces->first);
		braces->first.text = NULL;
		braces->open = true;
	}
	fputc(',', out);
	put_slice(out, &filesystem);
	braces->column += 1 + filesystem.len;
}

/* Whether a cell of the group before @pair has the same two ends. */
static bool is_in_braces(const struct mail *mail, const struct pair *leader,
			 const struct pair *pair, const struct braces *braces)
{
	struct slice head, filesystem, tail;

	for (const struct pair *at = leader; at < pair; at++)
		if (same_change(mail, leader, at) &&
		    split_id(compare_shown(at)->id, &head, &filesystem,
			     &tail) &&
		    same_slice(&head, &braces->head) &&
		    same_slice(&tail, &braces->tail))
			return true;
	return false;
}

static void put_braces(const struct mail *mail, const struct pair *leader,
		       const struct pair *begin)
{
	const struct comparison *comparison = mail->comparison;
	const struct pair *end = comparison->pairs + comparison->count;
	struct slice head, filesystem, tail;
	struct braces braces = {.open = false};

	if (!split_id(compare_shown(begin)->id, &braces.head, &filesystem,
		      &braces.tail)) {
		fputs("  ", mail->out);
		print_line(mail->out, compare_shown(begin)->id);
		fputc('\n', mail->out);
		return;
	}
	if (is_in_braces(mail, leader, begin, &braces))
		return;
	for (const struct pair *at = begin; at < end; at++)
		if (same_change(mail, leader, at) &&
		    split_id(compare_shown(at)->id, &head, &filesystem,
			     &tail) &&
		    same_slice(&head, &braces.head) &&
		    same_slice(&tail, &braces.tail))
			add_filesystem(mail->out, &braces, filesystem);
	end_line(mail->out, &braces);
}

static size_t put_cells(const struct mail *mail, const struct pair *leader)
{
	const struct comparison *comparison = mail->comparison;
	const struct pair *end = comparison->pairs + comparison->count;
	size_t count = 0;

	for (const struct pair *at = leader; at < end; at++) {
		if (!same_change(mail, leader, at))
			continue;
		put_braces(mail, leader, at);
		count++;
	}
	return count;
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

	if (pair->change != CHANGE_REASON && pair->change != CHANGE_CANNOT_TELL)
		return put_text(mail, "  ", pair->new->reason);
	ret = put_text(mail, "  old: ", pair->old->reason);
	return ret < 0 ? ret : put_text(mail, "  new: ", pair->new->reason);
}

/* In one line where that is not too wide: it is to be copied. */
static int put_command(const struct mail *mail, const struct record *record)
{
	const struct run_kernel *kernel = mail->comparison->new.kernel;
	cleanup_free char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return -ENOMEM;
	print_alone(out, kernel, record, " ");
	if (fclose(out))
		return -ENOMEM;
	fputs("\n  ", mail->out);
	print_alone(mail->out, kernel, record,
		    strlen(line) + 2 > MAIL_COLUMNS ? " \\\n      " : " ");
	fputc('\n', mail->out);
	return 0;
}

static int put_example(const struct mail *mail, const struct pair *pair,
		       bool several)
{
	const struct record *record = pair->new;
	int ret;

	fputs(several ? "\n  In the first of these:\n" : "\n", mail->out);
	ret = put_reasons(mail, pair);
	for (size_t i = 0;
	     i < record->evidence_count && i < COMPARE_EVIDENCE_LINES; i++) {
		fputs("  | ", mail->out);
		print_line(mail->out, record->evidence[i]);
		fputc('\n', mail->out);
	}
	if (record->evidence_count > COMPARE_EVIDENCE_LINES)
		fprintf(mail->out, "  | ... %zu more\n",
			record->evidence_count - COMPARE_EVIDENCE_LINES);
	return ret < 0 ? ret : put_command(mail, record);
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
	fputc('\n', mail->out);
	count = put_cells(mail, leader);
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

static void put_side(const struct mail *mail, const struct run_side *side,
		     const char *word)
{
	fprintf(mail->out, "%s: ", word);
	compare_put_kernel(mail->out, side->kernel);
	fputc('\n', mail->out);
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
	compare_put_canaries(out, comparison);
	return ferror(out) ? -EIO : 0;
}
