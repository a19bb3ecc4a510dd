/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/comparison.h"

#define EXIT_AS_EXPECTED 0
#define EXIT_WORSE 1
#define EXIT_NOTHING_ANSWERED 77
#define EXIT_BROKEN 99

#define RELEASES_SIZE 320

static bool is_prefix(const char *release, const char *prefix)
{
	size_t len = strlen(prefix);

	if (!len || strncmp(release, prefix, len))
		return false;
	return !isdigit((unsigned char)prefix[len - 1]) ||
	       !isdigit((unsigned char)release[len]);
}

static const char *releases(const struct run *run, char buf[RELEASES_SIZE])
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < run->kernel_count && used < RELEASES_SIZE; i++)
		used += (size_t)snprintf(buf + used, RELEASES_SIZE - used,
					 "%s%s", i ? ", " : "",
					 run->kernels[i].release);
	return buf;
}

static int pick_none(const struct run *run, const char *prefix,
		     const char *name, size_t found, struct error *error)
{
	char list[RELEASES_SIZE];

	releases(run, list);
	if (!run->kernel_count)
		return error_set(error, -EINVAL,
				 "%s: holds no kernel: the run did not begin",
				 name);
	if (!prefix)
		return error_set(
			error, -EINVAL,
			"%s: holds several kernels: write %s:RELEASE with one of %s",
			name, name, list);
	return error_set(
		error, -EINVAL,
		"%s:%s: %s of its kernels is meant: write more of one of %s",
		name, prefix, found ? "more than one" : "none", list);
}

int run_pick_kernel(const struct run *run, const char *prefix, const char *name,
		    const struct run_kernel **ret, struct error *error)
{
	size_t found = 0;

	*ret = prefix ? run_find_kernel(run, prefix) : NULL;
	if (*ret)
		return 0;
	for (size_t i = 0; i < run->kernel_count; i++) {
		if (prefix && !is_prefix(run->kernels[i].release, prefix))
			continue;
		*ret = &run->kernels[i];
		found++;
	}
	if (found == 1)
		return 0;
	*ret = NULL;
	return pick_none(run, prefix, name, found, error);
}

/**
 * struct answers - of one cell on one side
 * @records: @count of them
 * @answers: what they say; both have room for every run of the side
 * @tells: any of them is an answer
 */
struct answers {
	const struct record **records;
	struct change_side *answers;
	size_t count;
	bool tells;
};

static struct change_side change_side(const struct run_kernel *kernel,
				      const struct record *record)
{
	return (struct change_side){
		.verdict = run_cut_off(kernel, record) ? VERDICT_SKIPPED
						       : record->verdict,
		.error = record->error,
		.reason = record->reason,
		.known = record->outcome == OUTCOME_KNOWN_ISSUE,
	};
}

static const struct record *find(const struct run_side *side, size_t index,
				 const char *id)
{
	struct run_repeat at = run_side_at(side, index);

	return run_find(at.run, at.kernel->release, id);
}

static void collect(struct answers *answers, const struct run_side *side,
		    const char *id)
{
	answers->count = 0;
	answers->tells = false;
	for (size_t i = 0; i < run_side_count(side); i++) {
		const struct record *record = find(side, i, id);

		if (!record)
			continue;
		answers->records[answers->count] = record;
		answers->answers[answers->count++] =
			change_side(run_side_at(side, i).kernel, record);
		answers->tells |= verdict_is_answer(record->verdict);
	}
}

static int answers_make(struct answers *ret, const struct run_side *side)
{
	size_t count = run_side_count(side);

	*ret = (struct answers){
		.records = calloc(count, sizeof(const struct record *)),
		.answers = calloc(count, sizeof(*ret->answers)),
	};
	return ret->records && ret->answers ? 0 : -ENOMEM;
}

static void answers_done(struct answers *answers)
{
	free(answers->records);
	free(answers->answers);
}

static void compare(struct comparison *comparison, struct pair *pair,
		    const struct answers *old, const struct answers *new)
{
	struct change_of_runs found;

	change_judge_runs(duty_of(new->records[0]->id), old->answers,
			  old->count, new->answers, new->count, &found);
	*pair = (struct pair){
		.old = old->records[found.old_at],
		.new = new->records[found.new_at],
		.change = found.change,
		.why = found.why,
		.was = found.old,
		.is = found.new,
	};
	pair->known = pair->change == CHANGE_WORSE &&
		      pair->new->outcome == OUTCOME_KNOWN_ISSUE;
	comparison->answered += old->tells && new->tells;
}

static void add(struct comparison *comparison, const char *id,
		struct answers *old, struct answers *new)
{
	struct pair *pair = &comparison->pairs[comparison->count++];

	collect(old, &comparison->old, id);
	collect(new, &comparison->new, id);
	if (!old->count)
		*pair = (struct pair){.new = new->records[0],
				      .change = CHANGE_ONLY_NEW};
	else if (!new->count)
		*pair = (struct pair){.old = old->records[0],
				      .change = CHANGE_ONLY_OLD};
	else
		compare(comparison, pair, old, new);
	comparison->counts[pair->change]++;
	comparison->known += pair->known;
}

/* Whether a run of the side before the @index-th one has the cell */
static bool is_before(const struct run_side *side, size_t index, const char *id)
{
	for (size_t i = 0; i < index; i++)
		if (find(side, i, id))
			return true;
	return false;
}

/* Every cell of @side that @other has not */
static void add_side(struct comparison *comparison, const struct run_side *side,
		     const struct run_side *other, struct answers *old,
		     struct answers *new)
{
	for (size_t i = 0; i < run_side_count(side); i++) {
		struct run_repeat at = run_side_at(side, i);

		for (size_t k = 0; k < at.run->record_count; k++) {
			const struct record *record = &at.run->records[k];

			if (strcmp(record->kernel, at.kernel->release) != 0 ||
			    is_before(side, i, record->id) ||
			    (other && is_before(other, run_side_count(other),
						record->id)))
				continue;
			add(comparison, record->id, old, new);
		}
	}
}

static size_t count_records(const struct run_side *side)
{
	size_t count = 0;

	for (size_t i = 0; i < run_side_count(side); i++)
		count += run_side_at(side, i).run->record_count;
	return count;
}

int comparison_make(const struct run_side *old, const struct run_side *new,
		    struct comparison *ret)
{
	struct answers was = {NULL}, is = {NULL};
	int failed;

	*ret = (struct comparison){.old = *old, .new = *new};
	ret->pairs = calloc(count_records(old) + count_records(new) + 1,
			    sizeof(*ret->pairs));
	failed = ret->pairs ? answers_make(&was, old) : -ENOMEM;
	if (!failed)
		failed = answers_make(&is, new);
	if (!failed) {
		add_side(ret, new, NULL, &was, &is);
		add_side(ret, old, new, &was, &is);
	}
	answers_done(&was);
	answers_done(&is);
	return failed;
}

void comparison_done(struct comparison *comparison)
{
	free(comparison->pairs);
	comparison->pairs = NULL;
}

bool comparison_repeated(const struct comparison *comparison)
{
	return comparison->old.repeat_count || comparison->new.repeat_count;
}

bool comparison_side_trusted(const struct run_side *side)
{
	for (size_t i = 0; i < run_side_count(side); i++) {
		struct run_repeat at = run_side_at(side, i);

		if (run_canary_broken(at.run, at.kernel))
			return false;
	}
	return true;
}

bool comparison_trusted(const struct comparison *comparison)
{
	return comparison_side_trusted(&comparison->old) &&
	       comparison_side_trusted(&comparison->new);
}

size_t comparison_worse(const struct comparison *comparison, bool strict)
{
	return comparison->counts[CHANGE_WORSE] -
	       (strict ? 0 : comparison->known);
}

int comparison_exit_code(const struct comparison *comparison, bool strict)
{
	if (!comparison_trusted(comparison))
		return EXIT_BROKEN;
	if (comparison_worse(comparison, strict))
		return EXIT_WORSE;
	return comparison->answered ? EXIT_AS_EXPECTED : EXIT_NOTHING_ANSWERED;
}
