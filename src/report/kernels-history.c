/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Since when the pin of a mechanism is refused, as its cells tell it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/kernels.h"
#include "report/print.h"

enum admission {
	ADMISSION_UNTOLD,
	ADMISSION_ACCEPTED,
	ADMISSION_IN_PART,
	ADMISSION_REFUSED,
};

/**
 * struct admitted - what one kernel does with the pin
 * @refused, @accepted: cells
 * @errnos: of the refusals
 * @silent: filesystems, of those asked for, without a cell that tells, with
 *	what their cells say in place of an answer
 */
struct admitted {
	enum admission state;
	size_t refused;
	size_t accepted;
	struct names errnos;
	struct names silent;
};

/** struct story - one mechanism on all kernels */
struct story {
	const struct kernels *kernels;
	const struct mechanism *mechanism;
	struct admitted *admitted; /* one for each column */
	size_t untold;
};

static bool must_be_refused(const struct mechanism *mechanism)
{
	const unsigned int both = MECH_LONGTERM | MECH_WRITES;

	return (mechanism->traits & both) == both;
}

static bool is_asked(const struct story *story, const struct kernels_cell *cell)
{
	if (!cell->known || !cell->tracked ||
	    cell->id.mechanism != story->mechanism)
		return false;
	return !must_be_refused(story->mechanism) ||
	       cell_id_must_refuse(&cell->id);
}

/* An oops says nothing: the pin may have been refused before it. */
static bool is_accepted(const struct record *record)
{
	return record->verdict == VERDICT_SAFE ||
	       record->verdict == VERDICT_EXPOSED ||
	       record->verdict == VERDICT_CORRUPT;
}

/* Adds what the cells of @filesystem say; whether any of them told. */
static int ask_filesystem(struct story *story, size_t column,
			  const char *filesystem, struct names *words)
{
	struct admitted *admitted = &story->admitted[column];
	bool told = false;

	for (size_t i = 0; i < story->kernels->cell_count; i++) {
		const struct kernels_cell *cell = &story->kernels->cells[i];
		const struct record *record = cell->records[column];
		const char *word = record ? record_word(record) : "no cell";

		if (!is_asked(story, cell) ||
		    strcmp(cell->parts.filesystem, filesystem) != 0)
			continue;
		if (record && record->verdict == VERDICT_REFUSED) {
			told = true;
			admitted->refused++;
			if (record->error &&
			    names_add(&admitted->errnos, record->error) < 0)
				return -ENOMEM;
		} else if (record && is_accepted(record)) {
			told = true;
			admitted->accepted++;
		} else if (names_add(words, word) < 0) {
			return -ENOMEM;
		}
	}
	return told;
}

static char *join(const struct names *names, const char *between)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < names->count; i++)
		fprintf(out, "%s%s", i ? between : "", names->list[i]);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static int add_silent(struct admitted *admitted, const char *filesystem,
		      const struct names *words)
{
	cleanup_free char *said = join(words, " or ");
	cleanup_free char *text = NULL;

	if (!said || asprintf(&text, "%s %s", filesystem, said) < 0)
		return -ENOMEM;
	return names_add(&admitted->silent, text);
}

/* What the cells of one kernel come to; @words: those that tell nothing. */
static void settle(struct story *story, size_t column, struct names *words)
{
	struct admitted *admitted = &story->admitted[column];

	if (story->kernels->columns[column].untrusted)
		admitted->state = ADMISSION_UNTOLD;
	else if (admitted->refused)
		admitted->state = admitted->accepted ? ADMISSION_IN_PART
						     : ADMISSION_REFUSED;
	else if (admitted->accepted)
		admitted->state = ADMISSION_ACCEPTED;
	if (admitted->state != ADMISSION_UNTOLD)
		return;
	/* filesystems need no names where all of them are silent */
	story->untold++;
	names_done(&admitted->silent);
	admitted->silent = *words;
	*words = (struct names){NULL};
}

static int ask_column(struct story *story, size_t column,
		      const struct names *backings)
{
	cleanup(names_done) struct names all = {NULL};
	int ret = 0;

	for (size_t i = 0; i < backings->count; i++) {
		cleanup(names_done) struct names words = {NULL};
		const char *filesystem = backings->list[i];

		ret = ask_filesystem(story, column, filesystem, &words);
		if (!ret)
			ret = add_silent(&story->admitted[column], filesystem,
					 &words);
		for (size_t w = 0; ret >= 0 && w < words.count; w++)
			ret = names_add(&all, words.list[w]);
		if (ret < 0)
			return ret;
	}
	if (story->kernels->columns[column].untrusted) {
		names_done(&all);
		ret = names_add(&all, "not to be trusted");
	}
	settle(story, column, &all);
	return ret < 0 ? ret : 0;
}

static int ask(struct story *story)
{
	cleanup(names_done) struct names backings = {NULL};
	int ret = 0;

	for (size_t i = 0; i < story->kernels->cell_count; i++) {
		const struct kernels_cell *cell = &story->kernels->cells[i];

		if (is_asked(story, cell) &&
		    names_add(&backings, cell->parts.filesystem) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; !ret && i < story->kernels->column_count; i++)
		ret = ask_column(story, i, &backings);
	return ret;
}

static bool does_the_same(const struct admitted *a, const struct admitted *b)
{
	if (a->state != b->state || a->errnos.count != b->errnos.count)
		return false;
	for (size_t i = 0; i < a->errnos.count; i++)
		if (strcmp(a->errnos.list[i], b->errnos.list[i]) != 0)
			return false;
	return a->state != ADMISSION_IN_PART ||
	       (a->refused == b->refused && a->accepted == b->accepted);
}

static void put_errnos(FILE *out, const struct admitted *admitted,
		       const char *before, const char *after)
{
	if (!admitted->errnos.count)
		return;
	fputs(before, out);
	for (size_t i = 0; i < admitted->errnos.count; i++) {
		fputs(i ? ", " : "", out);
		print_line(out, admitted->errnos.list[i]);
	}
	fputs(after, out);
}

/* What stands in brackets behind a state. */
static void put_details(FILE *out, const struct admitted *admitted)
{
	if (admitted->state != ADMISSION_IN_PART) {
		put_errnos(out, admitted, " (", ")");
		return;
	}
	fprintf(out, " (%zu of %zu cells", admitted->refused,
		admitted->refused + admitted->accepted);
	put_errnos(out, admitted, ": ", "");
	fputc(')', out);
}

/* The word for what begins at a kernel; what was so before is so "again". */
static void put_begin(FILE *out, const struct story *story, size_t column,
		      const char *name, const struct admitted *before)
{
	static const char *const words[] = {
		[ADMISSION_UNTOLD] = "not told",
		[ADMISSION_ACCEPTED] = "accepted",
		[ADMISSION_IN_PART] = "refused in part",
		[ADMISSION_REFUSED] = "refused",
	};
	const struct admitted *now = &story->admitted[column];
	bool again = false;

	if (before && now->state == before->state &&
	    now->state == ADMISSION_REFUSED) {
		fprintf(out, "from %s", name);
		put_errnos(out, now, " with ", "");
		return;
	}
	for (size_t i = 0; i < column; i++)
		again = again || story->admitted[i].state == now->state;
	fprintf(out, "%s%s from %s", words[now->state], again ? " again" : "",
		name);
	/* nobody knows since when */
	if (!column && now->state == ADMISSION_REFUSED)
		fputs(", the oldest here", out);
	put_details(out, now);
}

/* Several: each kernel at which another answer begins. */
static int put_changes(FILE *out, const struct story *story)
{
	const struct admitted *before = NULL;
	bool gap = false;

	for (size_t i = 0; i < story->kernels->column_count; i++) {
		const struct admitted *now = &story->admitted[i];
		cleanup_free char *name = NULL;

		if (now->state == ADMISSION_UNTOLD) {
			gap = true;
			continue;
		}
		if (before && does_the_same(before, now)) {
			gap = false;
			continue;
		}
		/* what the kernels before it would have said is not known */
		if (asprintf(&name, "%s%s", story->kernels->columns[i].name,
			     gap ? " or earlier" : "") < 0)
			return -ENOMEM;
		fputs(before ? ", " : "", out);
		put_begin(out, story, i, name, before);
		before = now;
		gap = false;
	}
	return 0;
}

/* The one answer of all kernels that told. */
static void put_single(FILE *out, const struct story *story,
		       const struct admitted *told)
{
	const char *who = story->untold ? "by all that told" : "by all";

	switch (told->state) {
	case ADMISSION_ACCEPTED:
		if (story->mechanism->traits & MECH_SHORT)
			fputs("never: short-term", out);
		else
			fprintf(out, "accepted %s", who);
		break;
	case ADMISSION_IN_PART:
		fprintf(out, "refused in part %s", who);
		break;
	case ADMISSION_REFUSED:
		fprintf(out, "refused %s", who);
		break;
	case ADMISSION_UNTOLD:
		break;
	}
	put_details(out, told);
}

static void put_silent(FILE *out, const struct story *story)
{
	const char *before = "; no answer: ";

	for (size_t i = 0; i < story->kernels->column_count; i++) {
		const struct admitted *admitted = &story->admitted[i];

		if (!admitted->silent.count)
			continue;
		fprintf(out, "%s%s (", before, story->kernels->columns[i].name);
		for (size_t s = 0; s < admitted->silent.count; s++)
			fprintf(out, "%s%s", s ? ", " : "",
				admitted->silent.list[s]);
		fputc(')', out);
		before = ", ";
	}
}

static int put_story(FILE *out, const struct story *story)
{
	const struct admitted *first = NULL;
	bool changes = false;
	int ret = 0;

	for (size_t i = 0; i < story->kernels->column_count; i++) {
		const struct admitted *now = &story->admitted[i];

		if (now->state == ADMISSION_UNTOLD)
			continue;
		first = first ? first : now;
		changes = changes || !does_the_same(first, now);
	}
	if (!first)
		fputs("not known", out);
	else if (changes)
		ret = put_changes(out, story);
	else
		put_single(out, story, first);
	put_silent(out, story);
	return ret;
}

static int tell(const struct story *story, struct kernels_history *ret)
{
	const struct kernels *kernels = story->kernels;
	size_t size = 0;
	FILE *out = open_memstream(&ret->text, &size);
	int failed = out ? put_story(out, story) : -ENOMEM;

	if (out && fclose(out))
		failed = -ENOMEM;
	for (size_t i = 0; i < kernels->column_count && !ret->first; i++)
		if (story->admitted[i].state == ADMISSION_REFUSED)
			ret->first = &kernels->columns[i];
	return failed;
}

int kernels_history(const struct kernels *kernels, const char *mechanism,
		    struct kernels_history *ret)
{
	struct story story = {
		.kernels = kernels,
		.mechanism = mechanism_find(mechanism),
	};
	int failed;

	*ret = (struct kernels_history){NULL};
	story.admitted =
		calloc(kernels->column_count + 1, sizeof(*story.admitted));
	if (!story.admitted)
		return -ENOMEM;
	failed = ask(&story);
	if (!failed)
		failed = tell(&story, ret);
	for (size_t i = 0; i < kernels->column_count; i++) {
		names_done(&story.admitted[i].errnos);
		names_done(&story.admitted[i].silent);
	}
	free(story.admitted);
	return failed;
}
