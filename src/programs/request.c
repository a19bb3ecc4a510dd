/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "base/cleanup.h"
#include "programs/request.h"
#include "runner/begin.h"

/* NULL for a whole plan */
static json_t *shard_record(const struct request *request)
{
	const struct shard *shard = &request->common.shard;

	return shard->count
		       ? json_pack("{si si sI}", "index", (int)shard->index,
				   "count", (int)shard->count, "of",
				   (json_int_t)request->whole)
		       : NULL;
}

static json_t *common_record(const struct request *request)
{
	const struct common_options *common = &request->common;
	json_t *globs = json_array();

	for (size_t i = 0; i < common->demands.count; i++)
		json_array_append_new(globs,
				      journal_text(common->demands.globs[i]));
	return json_pack(
		"{sb so? sI so so* ss*}", "strict", common->strict, "expected",
		common->expected ? journal_text(common->expected) : NULL,
		"min_run", (json_int_t)common->demands.min_run, "require",
		globs, "shard", shard_record(request), "keep_images",
		keep_to_string(common->keep));
}

static json_t *arguments_record(char *const *arguments)
{
	json_t *record = json_array();

	while (arguments && *arguments)
		json_array_append_new(record, journal_text(*arguments++));
	return record;
}

/* A journal without its first record is in the way of the next attempt */
static void remove_journal(const char *dir)
{
	cleanup_free char *path = NULL;

	if (asprintf(&path, "%s/%s", dir, JOURNAL_NAME) >= 0)
		unlink(path);
}

int request_create(struct request *request, json_t *options,
		   struct error *error)
{
	cleanup_free char *folder = getcwd(NULL, 0);
	int ret = common_journal_create(&request->common, &request->journal,
					request->dir, sizeof(request->dir),
					error);

	if (ret < 0) {
		json_decref(options);
		return ret;
	}
	ret = journal_append(request->journal,
			     json_pack("{ss ss ss ss? so so so so}", "type",
				       "command", "command", request->command,
				       "gupcheck", GUPCHECK_VERSION, "folder",
				       folder, "common", common_record(request),
				       "options", options, "arguments",
				       arguments_record(request->arguments),
				       "cells", begin_cells(&request->plan)),
			     true);
	if (ret < 0) {
		error_set(error, ret,
			  "%s: the journal cannot be written:", request->dir);
		remove_journal(request->dir);
	}
	return ret;
}

static int check_command(const struct request *request, const json_t *record,
			 struct error *error)
{
	const char *command, *version;

	if (!record)
		return error_set(
			error, -EINVAL,
			"--resume %s: its journal does not tell what was asked for: begin another run",
			request->dir);
	command = json_string_value(json_object_get(record, "command"));
	version = json_string_value(json_object_get(record, "gupcheck"));
	if (strcmp(command, request->command) != 0)
		return error_set(
			error, -EINVAL,
			"--resume %s: was begun by gupcheck %s: go on with that",
			request->dir, command);
	if (!version || strcmp(version, GUPCHECK_VERSION) != 0)
		return error_set(
			error, -EINVAL,
			"--resume %s: was begun by version %s, this is %s: go on with that one, or begin another run",
			request->dir, version ? version : "unknown",
			GUPCHECK_VERSION);
	return 0;
}

/* The plan as it was, whatever would be planned today */
static int take_plan(struct request *request, const json_t *record,
		     struct error *error)
{
	json_t *ids = json_object_get(record, "cells");
	size_t count = json_array_size(ids);
	struct cell_id *cells = calloc(count + 1, sizeof(*cells));

	if (!cells)
		return error_set(error, -ENOMEM, "%s:", request->dir);
	request->plan = (struct plan){.cells = cells};
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(ids, i));
		struct error inner = {""};

		if (!text || cell_id_parse(text, &cells[i], &inner) < 0)
			return error_set(
				error, -EINVAL,
				"--resume %s: its plan does not fit this gupcheck: %s",
				request->dir, text ? inner.text : "damaged");
		request->plan.count++;
	}
	return 0;
}

static void take_common(struct request *request, const json_t *record)
{
	const json_t *stored = json_object_get(record, "common");
	const json_t *globs = json_object_get(stored, "require");
	struct common_options *common = &request->common;
	struct demands *demands = &common->demands;
	bool anew = demands->count;
	const char *keep =
		json_string_value(json_object_get(stored, "keep_images"));

	common->strict |= json_is_true(json_object_get(stored, "strict"));
	if (!common->expected)
		common->expected =
			json_string_value(json_object_get(stored, "expected"));
	if (keep && common->keep == KEEP_NONE)
		keep_from_string(keep, &common->keep);
	if (!demands->min_run)
		demands->min_run = (unsigned long)json_integer_value(
			json_object_get(stored, "min_run"));
	for (size_t i = 0; !anew && i < json_array_size(globs); i++) {
		const char *glob = json_string_value(json_array_get(globs, i));

		if (glob && demands->count < DEMANDS_MAX)
			demands->globs[demands->count++] = glob;
	}
}

/* The ids of the plan; the strings are those of @ret_owner */
static const char **plan_ids(const struct request *request, json_t **ret_owner)
{
	json_t *cells = begin_cells(&request->plan);
	size_t count = json_array_size(cells);
	const char **ids = calloc(count + 1, sizeof(*ids));

	for (size_t i = 0; ids && i < count; i++)
		ids[i] = json_string_value(json_array_get(cells, i));
	*ret_owner = cells;
	return ids;
}

static int check_demands(const struct request *request, struct error *error)
{
	json_t *owner;
	const char **ids = plan_ids(request, &owner);
	int ret = ids ? demands_fit(&request->common.demands, ids,
				    request->plan.count, error)
		      : error_set(error, -ENOMEM, "cannot make the plan:");

	free(ids);
	json_decref(owner);
	return ret;
}

static int check_usage(const struct common_options *common, int words,
		       struct error *error)
{
	if (words)
		return error_set(
			error, -EINVAL,
			"--resume %s: goes on with the cells of that run: give no GLOB",
			common->resume);
	if (common->output)
		return error_set(
			error, -EINVAL,
			"--resume %s: writes to that folder: give no --output",
			common->resume);
	if (common->shard.count)
		return error_set(
			error, -EINVAL,
			"--resume %s: goes on with the shard of that run: give no --shard",
			common->resume);
	if (common->expected)
		return error_set(
			error, -EINVAL,
			"--resume %s: goes on with the rules of that run: give no --expected",
			common->resume);
	return 0;
}

int request_resume(struct request *request, int words, struct error *error)
{
	const char *dir = request->common.resume, *folder;
	const json_t *record;
	int ret = check_usage(&request->common, words, error);

	if (ret < 0)
		return ret;
	if (!realpath(dir, request->dir))
		return error_set(error, -errno, "--resume %s:", dir);
	ret = journal_resume(&request->journal, request->dir, &request->before,
			     error);
	if (ret < 0)
		return ret;
	record = request->before->command;
	ret = check_command(request, record, error);
	if (!ret)
		ret = take_plan(request, record, error);
	if (ret < 0)
		return ret;
	take_common(request, record);
	ret = check_demands(request, error);
	if (ret < 0)
		return ret;
	request->options = json_incref(json_object_get(record, "options"));
	folder = json_string_value(json_object_get(record, "folder"));
	/* what is named by a relative path is missed later, by its name */
	if (folder && chdir(folder) < 0 && errno != ENOENT)
		return error_set(error, -errno, "%s:", folder);
	return 0;
}

static int cut(struct request *request, struct error *error)
{
	const struct shard *shard = &request->common.shard;
	char text[SHARD_TEXT_SIZE];
	const char **ids;
	json_t *owner;

	shard_cut(shard, &request->plan);
	ids = plan_ids(request, &owner);
	if (ids)
		demands_keep(&request->common.demands, ids,
			     request->plan.count);
	if (!request->plan.count)
		fprintf(stderr,
			"gupcheck: --shard %s: none of the %zu cells falls into it: only the canary is run\n",
			shard_format(shard, text), request->whole);
	free(ids);
	json_decref(owner);
	return ids ? 0 : error_set(error, -ENOMEM, "cannot make the plan:");
}

int request_plan(struct request *request, char *const *globs, int count,
		 struct error *error)
{
	int ret = plan_build((const char *const *)globs, (size_t)count,
			     &request->plan, error);

	request->whole = request->plan.count;
	if (!ret)
		ret = check_demands(request, error);
	return ret || !request->common.shard.count ? ret : cut(request, error);
}

void request_done(struct request *request)
{
	journal_close(request->journal);
	plan_done(&request->plan);
	json_decref(request->options);
	run_free(request->before);
}
