/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <string.h>

#include "judge/change.h"

#define BREAKS_ALL 15u

/* DUTY_UNKNOWN is compared by both columns. */
static const unsigned int breaks[][VERDICT_OOPS + 1] = {
	[DUTY_WORK] =
		{
			[VERDICT_SAFE] = 0,
			[VERDICT_REFUSED] = BREAKS_ADMISSION,
			[VERDICT_EXPOSED] = BREAKS_NOTICE,
			[VERDICT_CORRUPT] = BREAKS_NOTICE | BREAKS_DATA,
			[VERDICT_OOPS] = BREAKS_ALL,
		},
	[DUTY_REFUSE] =
		{
			[VERDICT_SAFE] = BREAKS_ADMISSION,
			[VERDICT_REFUSED] = 0,
			[VERDICT_EXPOSED] = BREAKS_ADMISSION | BREAKS_NOTICE,
			[VERDICT_CORRUPT] =
				BREAKS_ADMISSION | BREAKS_NOTICE | BREAKS_DATA,
			[VERDICT_OOPS] = BREAKS_ALL,
		},
};

static const char *const words[CHANGE_COUNT] = {
	[CHANGE_WORSE] = "worse",
	[CHANGE_BETTER] = "better",
	[CHANGE_ERRNO] = "errno",
	[CHANGE_REASON] = "reason",
	[CHANGE_CANNOT_TELL] = "cannot-tell",
	[CHANGE_NOISE] = "noise",
	[CHANGE_ONLY_OLD] = "only-old",
	[CHANGE_ONLY_NEW] = "only-new",
	[CHANGE_SAME] = "same",
	[CHANGE_UNANSWERED] = "unanswered",
};

/* The worst that is broken now, or was before: by its bit and the duty. */
static const struct {
	unsigned int bit;
	const char *now[DUTY_UNKNOWN];
	const char *before[DUTY_UNKNOWN];
} told[] = {
	{BREAKS_KERNEL,
	 {"the kernel complains or crashes now",
	  "the kernel complains or crashes now"},
	 {"the kernel no longer complains or crashes",
	  "the kernel no longer complains or crashes"}},
	{BREAKS_DATA,
	 {"a promise about data is broken now",
	  "a promise about data is broken now"},
	 {"a promise about data is kept again",
	  "a promise about data is kept again"}},
	{BREAKS_ADMISSION,
	 {"a pin that must work is refused now",
	  "a pin that must be refused is accepted now"},
	 {"a pin that must work is accepted again",
	  "a pin that must be refused is refused now"}},
	{BREAKS_NOTICE,
	 {"pages are written without notice now",
	  "pages are written without notice now"},
	 {"pages are no longer written without notice",
	  "pages are no longer written without notice"}},
};

const char *change_to_string(enum change change)
{
	return words[change];
}

enum duty duty_of(const char *id)
{
	struct cell_id cell;

	if (cell_id_parse(id, &cell, NULL) < 0)
		return DUTY_UNKNOWN;
	return cell_id_must_refuse(&cell) ? DUTY_REFUSE : DUTY_WORK;
}

const char *change_why(enum duty duty, unsigned int now, unsigned int before)
{
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		if (now & told[i].bit)
			return told[i].now[duty];
		if (!now && before & told[i].bit)
			return told[i].before[duty];
	}
	return NULL;
}

/* Two answers of a cell whose duty is known. */
static enum change compare_known(enum duty duty, enum verdict old,
				 enum verdict new, const char **ret_why)
{
	unsigned int was = breaks[duty][old], is = breaks[duty][new];

	*ret_why = change_why(duty, is & ~was, was & ~is);
	if (is & ~was)
		return CHANGE_WORSE;
	return was & ~is ? CHANGE_BETTER : CHANGE_SAME;
}

static enum change compare_answers(enum duty duty, enum verdict old,
				   enum verdict new, const char **ret_why)
{
	enum change work, refuse;

	if (duty == DUTY_UNKNOWN &&
	    (old == VERDICT_EXPOSED || new == VERDICT_EXPOSED))
		duty = DUTY_REFUSE; /* the word says so */
	if (duty != DUTY_UNKNOWN)
		return compare_known(duty, old, new, ret_why);
	work = compare_known(DUTY_WORK, old, new, ret_why);
	refuse = compare_known(DUTY_REFUSE, old, new, ret_why);
	*ret_why =
		"this gupcheck does not know the cell and went by the words alone";
	if (work == CHANGE_WORSE || refuse == CHANGE_WORSE)
		return CHANGE_WORSE;
	return work == refuse ? work : CHANGE_CANNOT_TELL;
}

bool change_is_lost(enum verdict verdict)
{
	return verdict == VERDICT_HUNG || verdict == VERDICT_VANISHED;
}

unsigned int change_breaks(enum duty duty, enum verdict verdict)
{
	if (change_is_lost(verdict))
		return BREAKS_KERNEL;
	return verdict_is_answer(verdict) ? breaks[duty][verdict] : 0;
}

bool change_tells(enum verdict verdict, unsigned int bit)
{
	return verdict_is_answer(verdict) ||
	       (bit == BREAKS_KERNEL && change_is_lost(verdict));
}

static bool is_right(enum duty duty, enum verdict verdict)
{
	return duty != DUTY_UNKNOWN && !breaks[duty][verdict];
}

/* At least one side is no answer. */
static enum change compare_lost(enum duty duty, enum verdict old,
				enum verdict new, const char **ret_why)
{
	bool old_tells = verdict_is_answer(old) || change_is_lost(old);
	bool new_tells = verdict_is_answer(new) || change_is_lost(new);

	if (!old_tells && !new_tells)
		return CHANGE_UNANSWERED;
	if (old == new)
		return CHANGE_SAME;
	*ret_why = "one side says nothing about the kernel";
	if (!old_tells || !new_tells)
		return CHANGE_CANNOT_TELL;
	if (change_is_lost(new) && verdict_is_answer(old) &&
	    old != VERDICT_OOPS) {
		*ret_why = new == VERDICT_HUNG
				   ? "the kernel gave an answer and hangs now"
				   : "the kernel gave an answer and dies now";
		return CHANGE_WORSE;
	}
	if (change_is_lost(old) && verdict_is_answer(new) &&
	    is_right(duty, new)) {
		*ret_why = "the kernel comes back, and the answer is right";
		return CHANGE_BETTER;
	}
	*ret_why = "what a hang or a crash hid is not known";
	return CHANGE_CANNOT_TELL;
}

/* Behind a number, in hexadecimal too. */
static const char *skip_number(const char *text)
{
	if (text[0] == '0' && text[1] == 'x')
		text += 2;
	while (isxdigit((unsigned char)*text))
		text++;
	return text;
}

static bool same_text(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			/* the loop steps over the last digit */
			a = skip_number(a) - 1;
			b = skip_number(b) - 1;
		} else if (*a != *b) {
			return false;
		}
	}
	return *a == *b;
}

/* The `ext4_dirty_folio` of `ext4_dirty_folio+0x28/0x30`, or NULL. */
static const char *find_function(const char *text, size_t *ret_len)
{
	const char *end = strstr(text, "+0x");
	const char *begin = end;

	while (begin && begin > text && begin[-1] != ' ')
		begin--;
	*ret_len = (size_t)(end - begin);
	return begin;
}

bool change_same_reason(const char *a, const char *b)
{
	size_t a_len, b_len;
	const char *a_function = find_function(a, &a_len);
	const char *b_function = find_function(b, &b_len);

	if (a_function && b_function)
		return a_len == b_len && !memcmp(a_function, b_function, a_len);
	return same_text(a, b);
}

static bool same_error(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

enum change change_judge(enum duty duty, const struct change_side *old,
			 const struct change_side *new, const char **ret_why)
{
	const char *why = NULL;
	enum change change;

	if (verdict_is_answer(old->verdict) && verdict_is_answer(new->verdict))
		change =
			compare_answers(duty, old->verdict, new->verdict, &why);
	else
		change = compare_lost(duty, old->verdict, new->verdict, &why);

	if (old->verdict == new->verdict && change == CHANGE_SAME) {
		why = NULL;
		if (!same_error(old->error, new->error))
			change = CHANGE_ERRNO;
		else if (!change_is_lost(new->verdict) &&
			 !is_right(duty, new->verdict) &&
			 !change_same_reason(old->reason, new->reason))
			change = CHANGE_REASON;
	}
	if (ret_why)
		*ret_why = why;
	return change;
}
