/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "runner/record.h"

#define EXIT_AS_EXPECTED 0
#define EXIT_UNEXPECTED 1
#define EXIT_NOTHING_RAN 77
#define EXIT_BROKEN 99

void record_drop_sights(struct record *record)
{
	for (size_t i = 0; i < record->evidence_count; i++)
		free(record->evidence[i]);
	for (size_t i = 0; i < record->log_count; i++)
		free(record->log[i]);
	for (size_t i = 0; i < record->sight_count; i++)
		free(record->sights[i].name);
	free(record->evidence);
	free(record->log);
	free(record->sights);
	record->evidence = NULL;
	record->evidence_count = 0;
	record->log = NULL;
	record->log_count = 0;
	record->sights = NULL;
	record->sight_count = 0;
}

void record_drop_image(struct record *record)
{
	free(record->image.file);
	free(record->image.note);
	record->image = (struct record_image){NULL};
}

static void record_done(struct record *record)
{
	free(record->id);
	free(record->kernel);
	free(record->error);
	free(record->reason);
	free(record->rule);
	record_drop_sights(record);
	record_drop_image(record);
}

static void kernel_done(struct run_kernel *kernel)
{
	free(kernel->release);
	free(kernel->machine);
	free(kernel->accelerator);
	free(kernel->boot);
	free(kernel->input);
	free(kernel->image);
	free(kernel->config);
	free(kernel->canary_reason);
	free(kernel->finish_reason);
	for (size_t i = 0; i < kernel->stale_count; i++)
		free(kernel->stale[i]);
	free(kernel->stale);
}

struct run *run_free(struct run *run)
{
	if (!run)
		return NULL;
	for (size_t i = 0; i < run->record_count; i++)
		record_done(&run->records[i]);
	for (size_t i = 0; i < run->kernel_count; i++)
		kernel_done(&run->kernels[i]);
	free(run->records);
	free(run->kernels);
	free(run->version);
	free(run->time);
	json_decref(run->command);
	free(run);
	return NULL;
}

const struct record *run_find(const struct run *run, const char *kernel,
			      const char *id)
{
	for (size_t i = 0; i < run->record_count; i++) {
		const struct record *record = &run->records[i];

		if (!strcmp(record->id, id) && !strcmp(record->kernel, kernel))
			return record;
	}
	return NULL;
}

const struct run_kernel *run_find_kernel(const struct run *run,
					 const char *release)
{
	for (size_t i = 0; i < run->kernel_count; i++)
		if (!strcmp(run->kernels[i].release, release))
			return &run->kernels[i];
	return NULL;
}

bool run_kernel_complete(const struct run *run, const struct run_kernel *kernel)
{
	struct tally tally;

	run_tally(run, kernel->release, &tally);
	return kernel->finished && kernel->canary_seen && !tally.unfinished;
}

bool run_cut_off(const struct run_kernel *kernel, const struct record *record)
{
	const char *reason = kernel->finish_reason;

	return !record->finished && reason &&
	       (!strcmp(reason, FINISH_INTERRUPTED) ||
		!strcmp(reason, FINISH_TIME_OVER));
}

bool run_rule_holds(const struct run *run, const struct record *record)
{
	for (size_t i = 0; record->rule && i < run->record_count; i++) {
		const struct record *other = &run->records[i];

		if (other->outcome == OUTCOME_KNOWN_ISSUE && other->rule &&
		    !strcmp(other->rule, record->rule))
			return true;
	}
	return false;
}

void run_tally(const struct run *run, const char *kernel, struct tally *ret)
{
	*ret = (struct tally){.total = 0};
	for (size_t i = 0; i < run->record_count; i++) {
		const struct record *record = &run->records[i];

		if (kernel && strcmp(record->kernel, kernel))
			continue;
		ret->total++;
		ret->verdicts[record->verdict]++;
		ret->outcomes[record->outcome]++;
		ret->unfinished += !record->finished;
	}
}

/* Cells that say something about the kernel. */
static size_t answers(const struct tally *tally)
{
	size_t count = 0;

	for (enum verdict i = 0; verdict_is_answer(i); i++)
		count += tally->verdicts[i];
	return count;
}

bool run_canary_broken(const struct run *run, const struct run_kernel *kernel)
{
	struct tally tally;

	if (kernel->canary_seen && kernel->canary != VERDICT_SKIPPED)
		return kernel->canary != VERDICT_CORRUPT;

	/*
	 * Without the canary, answers are worth nothing. A kernel that never
	 * came to its end may have had no time for it, which is a finding of
	 * its own.
	 */
	run_tally(run, kernel->release, &tally);
	return kernel->finished && answers(&tally);
}

bool record_is_failure(const struct record *record, bool strict)
{
	switch (record->verdict) {
	case VERDICT_SAFE:
	case VERDICT_REFUSED:
	case VERDICT_EXPOSED:
	case VERDICT_CORRUPT:
	case VERDICT_OOPS:
		break;
	case VERDICT_SKIPPED:
		return !record->finished;
	case VERDICT_BROKEN:
		return false;
	case VERDICT_HUNG:
	case VERDICT_VANISHED:
	case VERDICT_COUNT:
		return true;
	}

	switch (record->outcome) {
	case OUTCOME_AS_EXPECTED:
	case OUTCOME_FIXED:
		return false;
	case OUTCOME_KNOWN_ISSUE:
		return strict;
	case OUTCOME_NONE:
	case OUTCOME_UNEXPECTED:
	case OUTCOME_COUNT:
		break;
	}
	return true;
}

int run_exit_code(const struct run *run, bool strict)
{
	return run_exit_code_owing(run, strict, false);
}

int run_exit_code_owing(const struct run *run, bool strict, bool owing)
{
	bool failed = owing, canary_broken = false;
	struct tally tally;

	run_tally(run, NULL, &tally);
	for (size_t i = 0; i < run->kernel_count; i++) {
		canary_broken |= run_canary_broken(run, &run->kernels[i]);
		failed |= !run->kernels[i].finished;
	}
	for (size_t i = 0; i < run->record_count; i++)
		failed |= record_is_failure(&run->records[i], strict);

	if (canary_broken)
		return EXIT_BROKEN;
	if (failed)
		return EXIT_UNEXPECTED;
	if (tally.verdicts[VERDICT_BROKEN])
		return EXIT_BROKEN;
	return answers(&tally) ? EXIT_AS_EXPECTED : EXIT_NOTHING_RAN;
}
