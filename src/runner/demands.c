/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "base/cleanup.h"
#include "runner/demands.h"

/* Cells that a line names; the others are counted */
#define NAMED_MAX 5

bool demands_any(const struct demands *demands)
{
	return demands->count || demands->min_run;
}

static bool fits(const char *glob, const char *const *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (glob_match(glob, ids[i]))
			return true;
	return false;
}

int demands_fit(const struct demands *demands, const char *const *ids,
		size_t count, struct error *error)
{
	for (size_t i = 0; i < demands->count; i++)
		if (!fits(demands->globs[i], ids, count))
			return error_set(
				error, -EINVAL,
				"--require %s: matches no cell of this run; see gupcheck list cells",
				demands->globs[i]);
	return 0;
}

void demands_keep(struct demands *demands, const char *const *ids, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < demands->count; i++)
		if (fits(demands->globs[i], ids, count))
			demands->globs[kept++] = demands->globs[i];
	demands->count = kept;
}

int demands_fit_run(const struct demands *demands, const struct run *run,
		    struct error *error)
{
	const char **ids = calloc(run->record_count + 1, sizeof(*ids));
	int ret;

	if (!ids)
		return error_set(error, -ENOMEM, "--require:");
	for (size_t i = 0; i < run->record_count; i++)
		ids[i] = run->records[i].id;
	ret = demands_fit(demands, ids, run->record_count, error);
	free(ids);
	return ret;
}

/* An answer of a cell that went on and did not end is taken back: vanished */
static bool owes(const struct record *record, const char *kernel,
		 const char *glob)
{
	return !strcmp(record->kernel, kernel) &&
	       !verdict_is_answer(record->verdict) &&
	       glob_match(glob, record->id);
}

static void write_owing(FILE *out, const struct run *run, const char *kernel,
			const char *glob)
{
	size_t count = 0;

	for (size_t i = 0; i < run->record_count; i++) {
		const struct record *record = &run->records[i];

		if (!owes(record, kernel, glob))
			continue;
		if (count++ < NAMED_MAX)
			fprintf(out, "%s %s %s (%s)", count > 1 ? "," : "",
				record->id, verdict_to_string(record->verdict),
				record->reason);
	}
	if (count > NAMED_MAX)
		fprintf(out, ", and %zu more", count - NAMED_MAX);
}

/* One line, whatever a reason holds; 1, or -ENOMEM */
static int tell_owing(const struct run *run, const char *kernel,
		      const char *glob,
		      void (*tell)(void *arg, const char *line), void *arg)
{
	cleanup_free char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return -ENOMEM;
	fprintf(out, "--require %s: no answer on %s from", glob, kernel);
	write_owing(out, run, kernel, glob);
	if (fclose(out))
		return -ENOMEM;
	for (char *end = line; (end = strchr(end, '\n'));)
		*end = ' ';
	tell(arg, line);
	return 1;
}

static size_t answers_of(const struct run *run, const char *kernel)
{
	size_t count = 0;

	for (size_t i = 0; i < run->record_count; i++)
		count += !strcmp(run->records[i].kernel, kernel) &&
			 verdict_is_answer(run->records[i].verdict);
	return count;
}

static int globs_unmet(const struct demands *demands, const struct run *run,
		       const char *kernel,
		       void (*tell)(void *arg, const char *line), void *arg)
{
	int unmet = 0;

	for (size_t g = 0; g < demands->count; g++) {
		bool owing = false;
		int ret = 0;

		for (size_t i = 0; i < run->record_count && !owing; i++)
			owing = owes(&run->records[i], kernel,
				     demands->globs[g]);
		if (owing)
			ret = tell_owing(run, kernel, demands->globs[g], tell,
					 arg);
		if (ret < 0)
			return ret;
		unmet += ret;
	}
	return unmet;
}

int demands_unmet(const struct demands *demands, const struct run *run,
		  void (*tell)(void *arg, const char *line), void *arg)
{
	int unmet = 0;

	for (size_t k = 0; k < run->kernel_count; k++) {
		const char *kernel = run->kernels[k].release;
		size_t count = answers_of(run, kernel);
		char line[256];
		int ret = globs_unmet(demands, run, kernel, tell, arg);

		if (ret < 0)
			return ret;
		unmet += ret;
		if (count >= demands->min_run)
			continue;
		snprintf(line, sizeof(line),
			 "--min-run %lu: only %zu cells gave an answer on %s",
			 demands->min_run, count, kernel);
		tell(arg, line);
		unmet++;
	}
	return unmet;
}
