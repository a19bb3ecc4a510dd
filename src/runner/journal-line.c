/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner/journal-image.h"
#include "runner/journal-line.h"
#include "runner/journal-sight.h"

#define SCHEMA 1

int loader_corrupt(struct loader *loader, const char *part)
{
	return error_set(loader->error, -EINVAL,
			 "%s:%zu: bad %s: damaged, or written by another "
			 "version of gupcheck",
			 loader->path, loader->line, part);
}

/* Replaces *@ret by the string under @key. */
static int get_text(struct loader *loader, const json_t *line, const char *key,
		    char **ret)
{
	const char *text = json_string_value(json_object_get(line, key));
	char *copy;

	if (!text)
		return loader_corrupt(loader, key);
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	free(*ret);
	*ret = copy;
	return 0;
}

/* The same for a string that may be null or missing. */
static int get_optional(struct loader *loader, const json_t *line,
			const char *key, char **ret)
{
	json_t *value = json_object_get(line, key);

	if (value && !json_is_null(value))
		return get_text(loader, line, key, ret);
	free(*ret);
	*ret = NULL;
	return 0;
}

static int get_verdict(struct loader *loader, const json_t *line,
		       enum verdict *ret)
{
	const char *word = json_string_value(json_object_get(line, "verdict"));

	if (!word || verdict_from_string(word, ret) < 0)
		return loader_corrupt(loader, "verdict");
	return 0;
}

static int set_reason(struct record *record, const char *reason)
{
	char *copy = strdup(reason);

	if (!copy)
		return -ENOMEM;
	free(record->reason);
	record->reason = copy;
	return 0;
}

static int line_kernel(struct loader *loader, const json_t *line,
		       struct run_kernel **ret)
{
	const char *name = json_string_value(json_object_get(line, "kernel"));

	*ret = name ? (struct run_kernel *)run_find_kernel(loader->run, name)
		    : NULL;
	return *ret ? 0 : loader_corrupt(loader, "kernel");
}

static int add_kernel(struct run *run, const char *release,
		      struct run_kernel **ret)
{
	struct run_kernel *kernels = reallocarray(
		run->kernels, run->kernel_count + 1, sizeof(*kernels));
	char *copy = strdup(release);

	if (kernels)
		run->kernels = kernels;
	if (!kernels || !copy) {
		free(copy);
		return -ENOMEM;
	}
	*ret = &kernels[run->kernel_count++];
	**ret = (struct run_kernel){.release = copy};
	return 0;
}

static int add_record(struct run *run, const char *kernel, const char *id,
		      struct record **ret)
{
	struct record *records = reallocarray(
		run->records, run->record_count + 1, sizeof(*records));
	struct record *record;

	if (!records)
		return -ENOMEM;
	run->records = records;
	record = &records[run->record_count++];
	*record = (struct record){
		.id = strdup(id),
		.kernel = strdup(kernel),
		.verdict = VERDICT_SKIPPED,
		.reason = strdup("not run"),
	};
	*ret = record;
	return record->id && record->kernel && record->reason ? 0 : -ENOMEM;
}

/* The record that a start or end line is about; made when it was not planned.
 */
static int line_record(struct loader *loader, const json_t *line,
		       struct record **ret)
{
	const char *id = json_string_value(json_object_get(line, "id"));
	struct run_kernel *kernel;
	int failed = line_kernel(loader, line, &kernel);

	if (failed < 0)
		return failed;
	if (!id)
		return loader_corrupt(loader, "id");
	*ret = (struct record *)run_find(loader->run, kernel->release, id);
	return *ret ? 0 : add_record(loader->run, kernel->release, id, ret);
}

/* The first one tells what the run was asked for; there is no other */
static int load_command(struct loader *loader, const json_t *line)
{
	struct run *run = loader->run;

	if (!json_is_string(json_object_get(line, "command")))
		return loader_corrupt(loader, "command");
	if (!json_is_array(json_object_get(line, "cells")))
		return loader_corrupt(loader, "cells");
	if (!run->command)
		run->command = json_deep_copy(line);
	return run->command ? 0 : -ENOMEM;
}

static int load_begin(struct loader *loader, const json_t *line)
{
	const char *release =
		json_string_value(json_object_get(line, "kernel"));
	struct run *run = loader->run;
	struct run_kernel *kernel;
	int ret;

	if (json_integer_value(json_object_get(line, "schema")) != SCHEMA)
		return loader_corrupt(loader, "schema");
	if (!release)
		return loader_corrupt(loader, "kernel");
	kernel = (struct run_kernel *)run_find_kernel(run, release);
	ret = kernel ? 0 : add_kernel(run, release, &kernel);
	if (ret < 0)
		return ret;
	/* Work goes on: what an earlier attempt finished is finished no more.
	 */
	kernel->finished = false;
	free(kernel->finish_reason);
	kernel->finish_reason = NULL;
	if (!run->version)
		ret = get_text(loader, line, "gupcheck", &run->version);
	if (!ret && !run->time)
		ret = get_optional(loader, line, "time", &run->time);
	if (!ret)
		ret = get_optional(loader, line, "machine", &kernel->machine);
	if (!ret)
		ret = get_optional(loader, line, "accelerator",
				   &kernel->accelerator);
	if (!ret)
		ret = get_optional(loader, line, "boot", &kernel->boot);
	if (!ret)
		ret = get_optional(loader, line, "input", &kernel->input);
	if (!ret)
		ret = get_optional(loader, line, "image", &kernel->image);
	if (!ret)
		ret = get_optional(loader, line, "config", &kernel->config);
	return ret;
}

static int load_plan(struct loader *loader, const json_t *line)
{
	json_t *cells = json_object_get(line, "cells");
	struct run_kernel *kernel;
	struct record *record;
	json_t *cell;
	size_t i;
	int ret = line_kernel(loader, line, &kernel);

	if (ret < 0)
		return ret;
	if (!json_is_array(cells))
		return loader_corrupt(loader, "cells");
	json_array_foreach(cells, i, cell)
	{
		const char *id = json_string_value(cell);

		if (!id)
			return loader_corrupt(loader, "cells");
		if (run_find(loader->run, kernel->release, id))
			continue;
		ret = add_record(loader->run, kernel->release, id, &record);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int load_start(struct loader *loader, const json_t *line)
{
	struct record *record;
	int ret = line_record(loader, line, &record);

	if (ret < 0)
		return ret;
	record->started = true;
	record->finished = false;
	record->verdict = VERDICT_VANISHED;
	record->outcome = OUTCOME_NONE;
	record->seconds = 0;
	free(record->error);
	record->error = NULL;
	free(record->rule);
	record->rule = NULL;
	record_drop_sights(record);
	record_drop_image(record);
	return set_reason(record, "the run ended while this cell ran");
}

static int load_end(struct loader *loader, const json_t *line)
{
	const char *outcome =
		json_string_value(json_object_get(line, "outcome"));
	struct record *record;
	int ret = line_record(loader, line, &record);

	if (ret < 0)
		return ret;
	if (!outcome || outcome_from_string(outcome, &record->outcome) < 0)
		return loader_corrupt(loader, "outcome");
	ret = get_verdict(loader, line, &record->verdict);
	if (!ret)
		ret = get_text(loader, line, "reason", &record->reason);
	if (!ret)
		ret = get_optional(loader, line, "errno", &record->error);
	if (!ret)
		ret = get_optional(loader, line, "rule", &record->rule);
	if (!ret)
		ret = load_sights(loader, line, record);
	if (!ret)
		ret = image_promise(line, record);
	record->seconds = json_number_value(json_object_get(line, "seconds"));
	record->started = true;
	record->finished = true;
	return ret;
}

static int load_image(struct loader *loader, const json_t *line)
{
	struct record *record;
	int ret = line_record(loader, line, &record);

	return ret < 0 ? ret : image_load(loader, line, record);
}

static int load_canary(struct loader *loader, const json_t *line)
{
	struct run_kernel *kernel;
	int ret = line_kernel(loader, line, &kernel);

	if (!ret)
		ret = get_verdict(loader, line, &kernel->canary);
	if (!ret)
		ret = get_text(loader, line, "reason", &kernel->canary_reason);
	if (!ret)
		kernel->canary_seen = true;
	return ret;
}

/* Guests of one kernel may differ a little: the last one counts */
static int load_limits(struct loader *loader, const json_t *line)
{
	double factor = json_number_value(json_object_get(line, "factor"));
	struct run_kernel *kernel;
	int ret = line_kernel(loader, line, &kernel);

	if (ret < 0)
		return ret;
	if (!(factor > 0))
		return loader_corrupt(loader, "factor");
	kernel->limit_factor = factor;
	return 0;
}

static void drop_stale(struct run_kernel *kernel)
{
	for (size_t i = 0; i < kernel->stale_count; i++)
		free(kernel->stale[i]);
	free(kernel->stale);
	kernel->stale = NULL;
	kernel->stale_count = 0;
}

/* A run that was gone on with says it again, of all its cells. */
static int load_rules(struct loader *loader, const json_t *line)
{
	const json_t *stale = json_object_get(line, "stale"), *rule;
	struct run_kernel *kernel;
	int ret = line_kernel(loader, line, &kernel);
	size_t i;

	if (ret < 0)
		return ret;
	if (!json_is_array(stale))
		return loader_corrupt(loader, "stale");
	drop_stale(kernel);
	kernel->stale =
		calloc(json_array_size(stale) + 1, sizeof(*kernel->stale));
	if (!kernel->stale)
		return -ENOMEM;
	json_array_foreach(stale, i, rule)
	{
		if (!json_is_string(rule))
			return loader_corrupt(loader, "stale");
		kernel->stale[i] = strdup(json_string_value(rule));
		if (!kernel->stale[i])
			return -ENOMEM;
		kernel->stale_count = i + 1;
	}
	return 0;
}

/* The run lived to cut the cell off itself, so that did not vanish */
static int cut_off(struct run *run, const struct run_kernel *kernel)
{
	int ret = 0;

	if (strcmp(kernel->finish_reason, FINISH_INTERRUPTED) &&
	    strcmp(kernel->finish_reason, FINISH_TIME_OVER))
		return 0;
	for (size_t i = 0; !ret && i < run->record_count; i++) {
		struct record *record = &run->records[i];

		if (!record->started || record->finished ||
		    strcmp(record->kernel, kernel->release))
			continue;
		record->started = false;
		record->verdict = VERDICT_SKIPPED;
		ret = set_reason(record, "not run to its end");
	}
	return ret;
}

static int load_finish(struct loader *loader, const json_t *line)
{
	struct run_kernel *kernel;
	int ret = line_kernel(loader, line, &kernel);

	if (!ret)
		ret = get_text(loader, line, "reason", &kernel->finish_reason);
	if (!ret)
		kernel->finished = true;
	return ret ? ret : cut_off(loader->run, kernel);
}

int loader_add(struct loader *loader, const json_t *line)
{
	static const struct {
		const char *type;
		int (*load)(struct loader *loader, const json_t *line);
	} types[] = {
		{"command", load_command}, {"begin", load_begin},
		{"plan", load_plan},	   {"start", load_start},
		{"end", load_end},	   {"image", load_image},
		{"limits", load_limits},   {"canary", load_canary},
		{"finish", load_finish},   {"rules", load_rules},
	};
	const char *type = json_string_value(json_object_get(line, "type"));

	if (!type)
		return loader_corrupt(loader, "type");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i].type, type))
			return types[i].load(loader, line);
	return 0;
}
