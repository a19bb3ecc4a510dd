/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The cells of a group: those that differ in their filesystem alone share a
 * line, as a shell would spell them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/compare-mail.h"
#include "report/print.h"

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
		if (mail_same_change(mail, leader, at) &&
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
		if (mail_same_change(mail, leader, at) &&
		    split_id(compare_shown(at)->id, &head, &filesystem,
			     &tail) &&
		    same_slice(&head, &braces.head) &&
		    same_slice(&tail, &braces.tail))
			add_filesystem(mail->out, &braces, filesystem);
	end_line(mail->out, &braces);
}

size_t mail_put_cells(const struct mail *mail, const struct pair *leader)
{
	const struct comparison *comparison = mail->comparison;
	const struct pair *end = comparison->pairs + comparison->count;
	size_t count = 0;

	for (const struct pair *at = leader; at < end; at++) {
		if (!mail_same_change(mail, leader, at))
			continue;
		put_braces(mail, leader, at);
		count++;
	}
	return count;
}
