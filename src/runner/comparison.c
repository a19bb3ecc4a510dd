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

/*
 * The run came to an end that had nothing to do with the cell: it is not the
 * kernel that took it away.
 */
static bool was_cut_off(const struct run_side *side,
			const struct record *record)
{
	const char *reason = side->kernel->finish_reason;

	return !record->finished && reason &&
	       (!strcmp(reason, FINISH_INTERRUPTED) ||
		!strcmp(reason, FINISH_TIME_OVER));
}

static struct change_side change_side(const struct run_side *side,
				      const struct record *record)
{
	return (struct change_side){
		.verdict = was_cut_off(side, record) ? VERDICT_SKIPPED
						     : record->verdict,
		.error = record->error,
		.reason = record->reason,
	};
}

static void add(struct comparison *comparison, const struct record *old,
		const struct record *new)
{
	struct pair *pair = &comparison->pairs[comparison->count++];

	*pair = (struct pair){.old = old, .new = new};
	if (!old) {
		pair->change = CHANGE_ONLY_NEW;
	} else if (!new) {
		pair->change = CHANGE_ONLY_OLD;
	} else {
		struct change_side was = change_side(&comparison->old, old);
		struct change_side is = change_side(&comparison->new, new);

		pair->change =
			change_judge(duty_of(new->id), &was, &is, &pair->why);
		pair->known = pair->change == CHANGE_WORSE &&
			      new->outcome == OUTCOME_KNOWN_ISSUE;
		comparison->answered += verdict_is_answer(old->verdict) &&
					verdict_is_answer(new->verdict);
	}
	comparison->counts[pair->change]++;
	comparison->known += pair->known;
}

int comparison_make(const struct run_side *old, const struct run_side *new,
		    struct comparison *ret)
{
	const char *was = old->kernel->release, *is = new->kernel->release;

	*ret = (struct comparison){.old = *old, .new = *new};
	ret->pairs = calloc(old->run->record_count + new->run->record_count + 1,
			    sizeof(*ret->pairs));
	if (!ret->pairs)
		return -ENOMEM;
	for (size_t i = 0; i < new->run->record_count; i++) {
		const struct record *record = &new->run->records[i];

		if (!strcmp(record->kernel, is))
			add(ret, run_find(old->run, was, record->id), record);
	}
	for (size_t i = 0; i < old->run->record_count; i++) {
		const struct record *record = &old->run->records[i];

		if (!strcmp(record->kernel, was) &&
		    !run_find(new->run, is, record->id))
			add(ret, record, NULL);
	}
	return 0;
}

void comparison_done(struct comparison *comparison)
{
	free(comparison->pairs);
	comparison->pairs = NULL;
}

bool comparison_trusted(const struct comparison *comparison)
{
	const struct run_side *old = &comparison->old, *new = &comparison->new;

	return !run_canary_broken(old->run, old->kernel) &&
	       !run_canary_broken(new->run, new->kernel);
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
