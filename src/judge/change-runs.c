/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/change-runs.h"

#define BEYOND_CHANCE 0.05
#define SIZE_OF(array) (sizeof(array) / sizeof((array)[0]))

/* From the worst to the least */
static const unsigned int bits[] = {BREAKS_KERNEL, BREAKS_DATA,
				    BREAKS_ADMISSION, BREAKS_NOTICE};

static const char differs[] = "it differs from run to run";
static const char differs_more[] =
	"it differs from run to run, and is seen more often now than chance explains";
static const char seen_once[] =
	"seen in one run now and in none before: chance, or rare; run it more often";
static const char not_seen[] =
	"it differed from run to run; that it is not seen now may be chance";

/* struct answers - of one side */
struct answers {
	const struct change_side *runs;
	size_t count;
};

/* What a thing came to, in the order in which it decides */
enum trend {
	TREND_WORSE,
	TREND_NOISE,
	TREND_UNKNOWN,
	TREND_BETTER,
	TREND_FADING, /* noise, but only what is not seen now */
	TREND_NONE,
};

static bool tells(const struct change_side *run)
{
	return verdict_is_answer(run->verdict) || change_is_lost(run->verdict);
}

static bool same(enum duty duty, const struct change_side *a,
		 const struct change_side *b)
{
	return change_judge(duty, a, b, NULL) == CHANGE_SAME;
}

/* The first run that tells anything; 0 where none does */
static size_t first_of(const struct answers *side)
{
	for (size_t i = 0; i < side->count; i++)
		if (tells(&side->runs[i]))
			return i;
	return 0;
}

/* How many runs answer as @answer does */
static struct run_count count_like(enum duty duty, const struct answers *side,
				   const struct change_side *answer)
{
	struct run_count count = {0, 0};

	for (size_t i = 0; i < side->count; i++) {
		if (!tells(&side->runs[i]))
			continue;
		count.told++;
		count.shown += same(duty, answer, &side->runs[i]);
	}
	return count;
}

static struct run_count count_broken(enum duty duty, const struct answers *side,
				     unsigned int bit)
{
	struct run_count count = {0, 0};

	for (size_t i = 0; i < side->count; i++) {
		enum verdict verdict = side->runs[i].verdict;

		if (!change_tells(verdict, bit))
			continue;
		count.told++;
		count.shown += (change_breaks(duty, verdict) & bit) != 0;
	}
	return count;
}

static bool is_uniform(const struct run_count *count)
{
	return count->shown == count->told;
}

static enum trend trend_of(const struct run_count *old,
			   const struct run_count *new)
{
	if (!old->told || !new->told)
		return old->shown || new->shown ? TREND_UNKNOWN : TREND_NONE;
	if (!old->shown && !new->shown)
		return TREND_NONE;
	if (!old->shown)
		return new->shown > 1 || is_uniform(new) ||
				       chance_of_more(old, new) < BEYOND_CHANCE
			       ? TREND_WORSE
			       : TREND_NOISE;
	if (!new->shown)
		return is_uniform(old) ||
				       chance_of_more(new, old) < BEYOND_CHANCE
			       ? TREND_BETTER
			       : TREND_FADING;
	return is_uniform(old) && is_uniform(new) ? TREND_NONE : TREND_NOISE;
}

static const char *why_noise(const struct run_count *old,
			     const struct run_count *new)
{
	if (!old->shown)
		return seen_once;
	if (!new->shown)
		return not_seen;
	return chance_of_more(old, new) < BEYOND_CHANCE ? differs_more
							: differs;
}

/* A run that breaks @bit, or one that does not; better one nobody expects */
static size_t find_run(enum duty duty, const struct answers *side,
		       unsigned int bit, bool broken)
{
	size_t found = side->count;

	for (size_t i = 0; i < side->count; i++) {
		const struct change_side *run = &side->runs[i];
		bool breaks = change_breaks(duty, run->verdict) & bit;

		if (!change_tells(run->verdict, bit) || breaks != broken)
			continue;
		if (found == side->count ||
		    (side->runs[found].known && !run->known))
			found = i;
	}
	return found < side->count ? found : first_of(side);
}

/* What got worse is shown against a run that kept it, and so on. */
static void show(enum duty duty, const struct answers *old,
		 const struct answers *new, unsigned int bit,
		 struct change_of_runs *ret)
{
	ret->old_at = find_run(duty, old, bit, !ret->new.shown);
	ret->new_at = find_run(duty, new, bit, ret->new.shown);
}

static void decide(enum duty duty, enum trend trend, unsigned int bit,
		   struct change_of_runs *ret)
{
	switch (trend) {
	case TREND_WORSE:
		ret->change = CHANGE_WORSE;
		ret->why = change_why(duty, bit, 0);
		break;
	case TREND_BETTER:
		ret->change = CHANGE_BETTER;
		ret->why = change_why(duty, 0, bit);
		break;
	case TREND_NOISE:
	case TREND_FADING:
		ret->change = CHANGE_NOISE;
		ret->why = why_noise(&ret->old, &ret->new);
		break;
	case TREND_UNKNOWN:
	case TREND_NONE:
		ret->change = CHANGE_CANNOT_TELL;
		ret->why = "what a hang or a crash hid is not known";
		break;
	}
}

/* The run of @side whose answer @other gave least often */
static size_t find_rarest(enum duty duty, const struct answers *side,
			  const struct answers *other)
{
	size_t rarest = first_of(side);

	for (size_t i = rarest + 1; i < side->count; i++)
		if (tells(&side->runs[i]) &&
		    count_like(duty, other, &side->runs[i]).shown <
			    count_like(duty, other, &side->runs[rarest]).shown)
			rarest = i;
	return rarest;
}

static bool have_in_common(enum duty duty, const struct answers *old,
			   const struct answers *new)
{
	for (size_t i = 0; i < new->count; i++)
		if (tells(&new->runs[i]) &&
		    count_like(duty, old, &new->runs[i]).shown)
			return true;
	return false;
}

/* Nothing that is owed changed: errno or reason differ from run to run. */
static void judge_words(enum duty duty, const struct answers *old,
			const struct answers *new, struct change_of_runs *ret)
{
	ret->old_at = find_rarest(duty, old, new);
	ret->new_at = find_rarest(duty, new, old);
	ret->change = change_judge(duty, &old->runs[ret->old_at],
				   &new->runs[ret->new_at], &ret->why);
	if (have_in_common(duty, old, new)) {
		ret->change = CHANGE_NOISE;
		ret->why = differs;
		/* what is new stands against what was usual */
		if (!count_like(duty, old, &new->runs[ret->new_at]).shown)
			ret->old_at = first_of(old);
	}
	ret->old = count_like(duty, old, &new->runs[ret->new_at]);
	ret->new = count_like(duty, new, &new->runs[ret->new_at]);
}

/* A cell whose duty is known, and that is not deterministic */
static void judge_counts(enum duty duty, const struct answers *old,
			 const struct answers *new, struct change_of_runs *ret)
{
	enum trend worst = TREND_NONE;

	for (size_t i = 0; i < SIZE_OF(bits); i++) {
		struct run_count was = count_broken(duty, old, bits[i]);
		struct run_count is = count_broken(duty, new, bits[i]);
		enum trend trend = trend_of(&was, &is);

		if (trend >= worst)
			continue;
		worst = trend;
		ret->old = was;
		ret->new = is;
		show(duty, old, new, bits[i], ret);
		decide(duty, trend, bits[i], ret);
	}
	if (worst == TREND_NONE)
		judge_words(duty, old, new, ret);
}

static bool says_exposed(const struct answers *side)
{
	for (size_t i = 0; i < side->count; i++)
		if (side->runs[i].verdict == VERDICT_EXPOSED)
			return true;
	return false;
}

/* As change_judge() does it: worse under either duty is worse. */
static void judge_unknown(const struct answers *old, const struct answers *new,
			  struct change_of_runs *ret)
{
	struct change_of_runs work;

	judge_counts(DUTY_REFUSE, old, new, ret);
	if (says_exposed(old) || says_exposed(new))
		return;
	judge_counts(DUTY_WORK, old, new, &work);
	if (work.change == CHANGE_WORSE && ret->change != CHANGE_WORSE)
		*ret = work;
	else if (ret->change != CHANGE_WORSE && work.change == CHANGE_NOISE)
		*ret = work;
	else if (ret->change != CHANGE_WORSE && ret->change != CHANGE_NOISE &&
		 ret->change != work.change)
		ret->change = CHANGE_CANNOT_TELL;
	if (ret->change <= CHANGE_BETTER || ret->change == CHANGE_CANNOT_TELL)
		ret->why =
			"this gupcheck does not know the cell and went by the words alone";
}

/* Each side says one thing only: as for two single runs */
static void judge_uniform(enum duty duty, const struct change_side *old,
			  const struct change_side *new,
			  struct change_of_runs *ret)
{
	ret->change = change_judge(duty, old, new, &ret->why);
	if (ret->change == CHANGE_BETTER)
		ret->new.shown = 0;
	else if (ret->change != CHANGE_SAME)
		ret->old.shown = 0;
}

void change_judge_runs(enum duty duty, const struct change_side *old,
		       size_t old_count, const struct change_side *new,
		       size_t new_count, struct change_of_runs *ret)
{
	const struct answers was = {old, old_count}, is = {new, new_count};

	*ret = (struct change_of_runs){.old_at = first_of(&was),
				       .new_at = first_of(&is)};
	ret->old = count_like(duty, &was, &old[ret->old_at]);
	ret->new = count_like(duty, &is, &new[ret->new_at]);
	if (!ret->old.told || !ret->new.told ||
	    (is_uniform(&ret->old) && is_uniform(&ret->new)))
		judge_uniform(duty, &old[ret->old_at], &new[ret->new_at], ret);
	else if (duty == DUTY_UNKNOWN)
		judge_unknown(&was, &is, ret);
	else
		judge_counts(duty, &was, &is, ret);
}
