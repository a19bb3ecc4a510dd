/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "plan/order.h"
#include "runner/journal-line.h"
#include "runner/merge.h"

/** struct merge - one that is being written */
struct merge {
	const struct merge_part *parts;
	size_t count;
	struct journal *journal;
};

/**
 * struct planned - a cell of the plan
 * @known: @cell is it: this gupcheck has it
 */
struct planned {
	const char *id;
	bool known;
	struct cell_id cell;
};

/* As plan_build() orders them; behind those what only an older one had */
static int compare_planned(const void *left, const void *right)
{
	const struct planned *a = left, *b = right;

	if (a->known && b->known)
		return cell_id_order(&a->cell, &b->cell);
	if (a->known != b->known)
		return a->known ? -1 : 1;
	return strcmp(a->id, b->id);
}

static size_t gather(const struct merge *merge, const char *kernel,
		     struct planned *ret)
{
	size_t found = 0;

	for (size_t p = 0; p < merge->count; p++) {
		const struct run *run = merge->parts[p].run;

		for (size_t i = 0; i < run->record_count; i++) {
			const char *id = run->records[i].id;
			struct error ignored = {""};

			if (strcmp(run->records[i].kernel, kernel) != 0)
				continue;
			ret[found].id = id;
			ret[found].known =
				!cell_id_parse(id, &ret[found].cell, &ignored);
			found++;
		}
	}
	return found;
}

/* Every cell of @kernel in any part, in the order of a plan */
static json_t *plan_record(const struct merge *merge, const char *kernel)
{
	cleanup_free struct planned *cells = NULL;
	json_t *ids = json_array();
	size_t room = 1, count;

	for (size_t i = 0; i < merge->count; i++)
		room += merge->parts[i].run->record_count;
	cells = calloc(room, sizeof(*cells));
	if (!cells) {
		json_decref(ids);
		return NULL;
	}
	count = gather(merge, kernel, cells);
	qsort(cells, count, sizeof(*cells), compare_planned);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(ids, journal_text(cells[i].id));
	return json_pack("{ss ss so}", "type", "plan", "kernel", kernel,
			 "cells", ids);
}

/* The parts before @index know nothing of @kernel */
static bool is_first(const struct merge *merge, size_t index,
		     const char *kernel)
{
	for (size_t i = 0; i < index; i++)
		if (run_find_kernel(merge->parts[i].run, kernel))
			return false;
	return true;
}

static bool is_type(const json_t *line, const char *type)
{
	return !strcmp(json_string_value(json_object_get(line, "type")), type);
}

/*
 * Of a command, plan, canary and finish there is one for all parts. What a run
 * cut off itself was not run: without the finish of its part a start alone
 * would mean that the kernel took the cell away.
 */
static bool is_copied(const struct run *run, const json_t *line)
{
	const char *kernel = json_string_value(json_object_get(line, "kernel"));
	const char *id = json_string_value(json_object_get(line, "id"));
	const struct record *record;

	if (is_type(line, "start") || is_type(line, "end")) {
		record = run_find(run, kernel, id);
		return record && record->started;
	}
	return !is_type(line, "command") && !is_type(line, "plan") &&
	       !is_type(line, "canary") && !is_type(line, "rules") &&
	       !is_type(line, "finish");
}

static int copy_line(const struct merge *merge, size_t index, json_t *line)
{
	const char *kernel = json_string_value(json_object_get(line, "kernel"));
	int ret;

	if (!is_copied(merge->parts[index].run, line))
		return 0;
	ret = journal_append(merge->journal, json_incref(line), false);
	if (ret < 0 || !is_type(line, "begin") ||
	    !is_first(merge, index, kernel))
		return ret;
	return journal_append(merge->journal, plan_record(merge, kernel),
			      false);
}

/* Up to what is no record: it was read before, and taken for the end */
static int copy_part(const struct merge *merge, size_t index)
{
	cleanup_fclose FILE *file = journal_open(merge->parts[index].dir);
	cleanup_free char *text = NULL;
	size_t room = 0;
	ssize_t len;
	int ret = file ? 0 : -errno;

	while (!ret && (len = getline(&text, &room, file)) >= 0) {
		json_t *line = json_loadb(text, (size_t)len, 0, NULL);
		bool whole = json_is_string(json_object_get(line, "type"));

		if (whole)
			ret = copy_line(merge, index, line);
		json_decref(line);
		if (!whole)
			break;
	}
	return ret ? ret : file && ferror(file) ? -EIO : 0;
}

static bool has_answers(const struct run *run, const char *kernel)
{
	for (size_t i = 0; i < run->record_count; i++)
		if (!strcmp(run->records[i].kernel, kernel) &&
		    verdict_is_answer(run->records[i].verdict))
			return true;
	return false;
}

static json_t *canary_record(const char *kernel, enum verdict verdict,
			     const char *dir, const char *reason)
{
	return json_pack("{ss ss ss so}", "type", "canary", "kernel", kernel,
			 "verdict", verdict_to_string(verdict), "reason",
			 json_sprintf("%s: %s", dir, reason));
}

/* One that is bad, or missing where there are answers, spoils them all */
static int add_canary(const struct merge *merge, const char *kernel)
{
	const struct run_kernel *best = NULL;

	for (size_t i = 0; i < merge->count; i++) {
		const struct merge_part *part = &merge->parts[i];
		const struct run_kernel *at =
			run_find_kernel(part->run, kernel);
		bool seen =
			at && at->canary_seen && at->canary != VERDICT_SKIPPED;

		if (seen && at->canary != VERDICT_CORRUPT)
			return journal_append(merge->journal,
					      canary_record(kernel, at->canary,
							    part->dir,
							    at->canary_reason),
					      true);
		if (at && !seen && has_answers(part->run, kernel))
			return journal_append(
				merge->journal,
				canary_record(kernel, VERDICT_BROKEN, part->dir,
					      "gave answers without a canary"),
				true);
		if (seen || (at && at->canary_seen && !best))
			best = at;
	}
	if (!best)
		return 0;
	return journal_append(
		merge->journal,
		json_pack("{ss ss ss so}", "type", "canary", "kernel", kernel,
			  "verdict", verdict_to_string(best->canary), "reason",
			  journal_text(best->canary_reason)),
		true);
}

static bool is_stale(const struct run_kernel *kernel, const char *rule)
{
	for (size_t i = 0; i < kernel->stale_count; i++)
		if (!strcmp(kernel->stale[i], rule))
			return true;
	return false;
}

/* A rule is good for nothing if it is so in every part */
static int add_rules(const struct merge *merge, const char *kernel)
{
	const struct run_kernel *first = NULL;
	json_t *stale = json_array();

	for (size_t i = 0; !first; i++)
		first = run_find_kernel(merge->parts[i].run, kernel);
	for (size_t s = 0; s < first->stale_count; s++) {
		bool everywhere = true;

		for (size_t i = 0; i < merge->count; i++) {
			const struct run_kernel *at =
				run_find_kernel(merge->parts[i].run, kernel);

			everywhere &= !at || is_stale(at, first->stale[s]);
		}
		if (everywhere)
			json_array_append_new(stale,
					      journal_text(first->stale[s]));
	}
	if (!json_array_size(stale)) {
		json_decref(stale);
		return 0;
	}
	return journal_append(merge->journal,
			      json_pack("{ss ss so}", "type", "rules", "kernel",
					kernel, "stale", stale),
			      false);
}

static bool was_cut_off(const char *reason)
{
	return !strcmp(reason, FINISH_INTERRUPTED) ||
	       !strcmp(reason, FINISH_TIME_OVER);
}

/* None unless every part has one; the least complete of them */
static int add_finish(const struct merge *merge, const char *kernel)
{
	const char *reason = NULL;

	for (size_t i = 0; i < merge->count; i++) {
		const struct run_kernel *at =
			run_find_kernel(merge->parts[i].run, kernel);

		if (at && !at->finished)
			return 0;
		if (at && (!reason || was_cut_off(at->finish_reason) ||
			   !strcmp(reason, "complete")))
			reason = at->finish_reason;
	}
	return journal_append(merge->journal,
			      json_pack("{ss ss so}", "type", "finish",
					"kernel", kernel, "reason",
					journal_text(reason)),
			      true);
}

/* Every kernel once, where the first part has it */
static int add_ends(const struct merge *merge)
{
	int ret = 0;

	for (size_t i = 0; i < merge->count; i++) {
		const struct run *run = merge->parts[i].run;

		for (size_t k = 0; !ret && k < run->kernel_count; k++) {
			const char *kernel = run->kernels[k].release;

			if (!is_first(merge, i, kernel))
				continue;
			ret = add_canary(merge, kernel);
			if (!ret)
				ret = add_rules(merge, kernel);
			if (!ret)
				ret = add_finish(merge, kernel);
		}
	}
	return ret;
}

static const json_t *command_part(const struct merge_part *part,
				  const char *name)
{
	return json_object_get(part->run->command, name);
}

/* The guests of all parts, so that a report can tell how to boot one again */
static json_t *options_record(const struct merge *merge)
{
	json_t *options = json_object(), *kernels = json_array();

	for (size_t i = 0; i < merge->count; i++) {
		const json_t *its = command_part(&merge->parts[i], "options");
		json_t *append = json_object_get(its, "append");

		json_array_extend(kernels, json_object_get(its, "kernels"));
		if (append)
			json_object_set(options, "append", append);
	}
	json_object_set_new(options, "kernels", kernels);
	return options;
}

/* Where relative paths begin, if that is one place */
static json_t *folder_record(const struct merge *merge)
{
	const json_t *folder = command_part(&merge->parts[0], "folder");

	for (size_t i = 1; folder && i < merge->count; i++) {
		const json_t *its = command_part(&merge->parts[i], "folder");

		if (!its || !json_equal(folder, its))
			folder = NULL;
	}
	return folder ? json_deep_copy(folder) : json_null();
}

static json_t *cells_record(const struct merge *merge)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < merge->count; i++)
		json_array_extend(
			ids,
			json_object_get(merge->parts[i].run->command, "cells"));
	return ids;
}

static json_t *command_record(const struct merge *merge, json_t *arguments)
{
	return json_pack("{ss ss ss so so sO so}", "type", "command", "command",
			 "merge", "gupcheck", merge->parts[0].run->version,
			 "folder", folder_record(merge), "options",
			 options_record(merge), "arguments", arguments, "cells",
			 cells_record(merge));
}

int merge_write(const struct merge_part *parts, size_t count,
		struct journal *journal, json_t *arguments, struct error *error)
{
	struct merge merge = {parts, count, journal};
	int ret = journal_append(journal, command_record(&merge, arguments),
				 false);

	for (size_t i = 0; !ret && i < count; i++) {
		ret = copy_part(&merge, i);
		if (ret < 0)
			return error_set(error, ret,
					 "%s: its journal cannot be joined:",
					 parts[i].dir);
	}
	if (!ret)
		ret = add_ends(&merge);
	return ret ? error_set(error, ret, "the journal cannot be written:")
		   : 0;
}
