/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "judge/change.h"
#include "report/print.h"
#include "report/results.h"

#define CANARY_ID "gupcheck/canary"
#define END_ID "gupcheck/end"

/* Thirty years: what is more was not measured. */
#define SECONDS_MAX 1e9

const struct name_style name_style_lines = {
	.slash = '/',
	.at = '@',
	.again = '~',
	.before_kernel = " [",
	.behind_kernel = "]",
	.release = ".+~",
};

bool name_keeps(char character)
{
	return (character >= 'a' && character <= 'z') ||
	       (character >= 'A' && character <= 'Z') ||
	       (character >= '0' && character <= '9') || character == '_' ||
	       character == '-';
}

static void put_name(FILE *out, const char *id, const char *release,
		     const struct name_style *style)
{
	for (; *id; id++)
		fputc(name_keeps(*id) ? *id
		      : *id == '/'    ? style->slash
		      : *id == '@'    ? style->at
				      : '_',
		      out);
	if (!release)
		return;
	fputs(style->before_kernel, out);
	for (; *release; release++)
		fputc(name_keeps(*release) || strchr(style->release, *release)
			      ? *release
			      : '_',
		      out);
	fputs(style->behind_kernel, out);
}

static int add(struct results *results, const struct run *run,
	       const struct result_entry *entry, const struct name_style *style)
{
	struct result_entry *list =
		reallocarray(results->list, results->count + 1, sizeof(*list));
	const char *release =
		entry->record ? entry->record->kernel : entry->kernel->release;
	char *name = NULL;
	size_t size = 0;
	FILE *out;

	if (!list)
		return -ENOMEM;
	results->list = list;
	out = open_memstream(&name, &size);
	if (!out)
		return -ENOMEM;
	put_name(out, entry->id, run->kernel_count > 1 ? release : NULL, style);
	if (fclose(out)) {
		free(name);
		return -ENOMEM;
	}
	list[results->count] = *entry;
	list[results->count++].name = name;
	return 0;
}

static enum result result_of(const struct record *record, bool strict)
{
	switch (record->verdict) {
	case VERDICT_SAFE:
	case VERDICT_REFUSED:
	case VERDICT_EXPOSED:
	case VERDICT_CORRUPT:
	case VERDICT_OOPS:
		break;
	case VERDICT_SKIPPED:
		return record->finished ? RESULT_SKIP : RESULT_NOT_RUN;
	case VERDICT_HUNG:
		return RESULT_HUNG;
	case VERDICT_VANISHED:
		return RESULT_VANISHED;
	case VERDICT_BROKEN:
	case VERDICT_COUNT:
		return RESULT_BROKEN;
	}
	if (record_is_failure(record, strict))
		return RESULT_FAIL;
	if (record->outcome == OUTCOME_KNOWN_ISSUE)
		return RESULT_KNOWN;
	return record->outcome == OUTCOME_FIXED ? RESULT_FIXED : RESULT_PASS;
}

static int add_record(struct results *results, const struct run *run,
		      const struct record *record,
		      const struct name_style *style, bool strict)
{
	struct result_entry entry = {
		.record = record,
		.id = record->id,
		.kernel = run_find_kernel(run, record->kernel),
		.result = result_of(record, strict),
		.text = record->reason,
	};

	if (!entry.kernel)
		return -EINVAL;
	if (entry.result == RESULT_KNOWN || entry.result == RESULT_FIXED)
		entry.text = record->rule ? record->rule : record->reason;
	if (verdict_is_answer(record->verdict) &&
	    result_is_good(entry.result) &&
	    run_canary_broken(run, entry.kernel)) {
		entry.result = RESULT_UNTRUSTED;
		entry.text = "the canary of this kernel was not seen to be "
			     "corrupt";
	}
	return add(results, run, &entry, style);
}

/* What is wrong with the whole of a kernel. */
static int add_kernel(struct results *results, const struct run *run,
		      const struct run_kernel *kernel,
		      const struct name_style *style)
{
	const struct result_entry canary = {
		.id = CANARY_ID,
		.kernel = kernel,
		.result = RESULT_UNTRUSTED,
		.text = kernel->canary_seen
				? kernel->canary_reason
				: "the cell that corrupts on purpose was not "
				  "run",
	};
	const struct result_entry end = {
		.id = END_ID,
		.kernel = kernel,
		.result = RESULT_NOT_RUN,
		.text = "the run did not come to its end",
	};
	int ret = 0;

	if (run_canary_broken(run, kernel))
		ret = add(results, run, &canary, style);
	if (!ret && !kernel->finished)
		ret = add(results, run, &end, style);
	return ret;
}

static int by_name(const void *a, const void *b)
{
	const struct result_entry *one = *(struct result_entry *const *)a;
	const struct result_entry *two = *(struct result_entry *const *)b;
	int order = strcmp(one->name, two->name);

	return order ? order : one < two ? -1 : one > two;
}

/* Rename all but the first of those that are alike; how many, or -ENOMEM. */
static int rename_doubles(struct result_entry **sorted, size_t count,
			  char again)
{
	int renamed = 0;

	for (size_t i = 0, first = 0; i < count; i++) {
		char *name;

		if (strcmp(sorted[i]->name, sorted[first]->name) != 0)
			first = i;
		if (i == first)
			continue;
		if (asprintf(&name, "%s%c%zu", sorted[i]->name, again,
			     i - first + 1) < 0)
			return -ENOMEM;
		free(sorted[i]->name);
		sorted[i]->name = name;
		renamed++;
	}
	return renamed;
}

/* Names that were made longer may meet others: until there is nothing to do. */
static int make_unique(struct results *results, char again)
{
	cleanup_free struct result_entry **sorted =
		calloc(results->count + 1, sizeof(*sorted));
	int ret;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < results->count; i++)
		sorted[i] = &results->list[i];
	do {
		qsort(sorted, results->count, sizeof(*sorted), by_name);
		ret = rename_doubles(sorted, results->count, again);
	} while (ret > 0);
	return ret;
}

int results_build(struct results *ret, const struct run *run,
		  const struct name_style *style, bool strict)
{
	int failed = 0;

	*ret = (struct results){.count = 0};
	for (size_t i = 0; !failed && i < run->record_count; i++)
		failed = add_record(ret, run, &run->records[i], style, strict);
	for (size_t i = 0; !failed && i < run->kernel_count; i++)
		failed = add_kernel(ret, run, &run->kernels[i], style);
	return failed ? failed : make_unique(ret, style->again);
}

void results_done(struct results *results)
{
	for (size_t i = 0; i < results->count; i++)
		free(results->list[i].name);
	free(results->list);
	*results = (struct results){.count = 0};
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* A cell that was not run, or for nothing, has no answer to be compared. */
static bool has_answer(const struct result_entry *entry)
{
	return entry->record && entry->result != RESULT_SKIP &&
	       entry->result != RESULT_NOT_RUN &&
	       entry->result != RESULT_UNTRUSTED;
}

bool results_alike(const struct result_entry *a, const struct result_entry *b)
{
	if (a->result != b->result || !a->record != !b->record ||
	    (!a->record && a != b))
		return false;
	if (has_answer(a) && (a->record->verdict != b->record->verdict ||
			      !same_text(a->record->error, b->record->error)))
		return false;
	return change_same_reason(a->text, b->text);
}

bool results_lead(const struct results *results, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (results_alike(&results->list[i], &results->list[index]))
			return false;
	return true;
}

bool result_is_good(enum result result)
{
	return result == RESULT_PASS || result == RESULT_FIXED ||
	       result == RESULT_KNOWN;
}

const char *result_word(const struct result_entry *entry)
{
	if (entry->record)
		return record_word(entry->record);
	return entry->result == RESULT_UNTRUSTED ? "canary" : "not finished";
}

double result_seconds(const struct result_entry *entry)
{
	const struct record *record = entry->record;

	if (!record || !record->finished || !(record->seconds > 0))
		return 0;
	return record->seconds < SECONDS_MAX ? record->seconds : SECONDS_MAX;
}

bool time_is_rfc3339(const char *time)
{
	static const char shape[] = "0000-00-00T00:00:00";
	size_t i;

	if (!time)
		return false;
	for (i = 0; shape[i]; i++)
		if (shape[i] == '0' ? time[i] < '0' || time[i] > '9'
				    : time[i] != shape[i])
			return false;
	if (!strcmp(time + i, "Z"))
		return true;
	/* or a zone such as +01:00 */
	return (time[i] == '+' || time[i] == '-') && strlen(time + i) == 6 &&
	       time[i + 3] == ':' && strspn(time + i + 1, "0123456789") == 2 &&
	       strspn(time + i + 4, "0123456789") == 2;
}
