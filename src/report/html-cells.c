/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "judge/change.h"
#include "report/alone.h"
#include "report/html.h"

/* Behind the verdicts: planned, and never begun. */
#define NOT_RUN VERDICT_COUNT

static char *summary_of(const struct html *html,
			const struct run_kernel *kernel)
{
	struct report_options plain = {.strict = html->options->strict};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int ret;

	if (!out)
		return NULL;
	ret = summary_print(out, html->run, kernel, &plain);
	if (fclose(out) == EOF || ret < 0) {
		free(text);
		return NULL;
	}
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* The command that runs a cell alone, up to the cell's id. */
static char *alone_on(const struct run *run, const struct run_kernel *kernel)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	alone_put(out, run, kernel, NULL);
	if (fclose(out) == EOF) {
		free(text);
		return NULL;
	}
	return text;
}

static json_t *doubt_about(const struct html *html,
			   const struct run_kernel *kernel)
{
	char text[600] = "the cell that corrupts on purpose was not run";

	if (!run_canary_broken(html->run, kernel))
		return json_null();
	if (kernel->canary_seen)
		snprintf(text, sizeof(text),
			 "the cell that corrupts on purpose was judged %s: %s",
			 verdict_to_string(kernel->canary),
			 kernel->canary_reason);
	return html_string(text);
}

static json_t *kernel_json(const struct html *html,
			   const struct run_kernel *kernel)
{
	cleanup_free char *summary = summary_of(html, kernel);
	cleanup_free char *alone = alone_on(html->run, kernel);
	char place[160] = "";

	if (!summary || !alone)
		return NULL;
	if (kernel->machine && kernel->accelerator)
		snprintf(place, sizeof(place), "%s, %s", kernel->machine,
			 kernel->accelerator);
	return json_pack("{so so sf so so so so}", "release",
			 html_string(kernel->release), "place",
			 html_string(place), "limits", kernel->limit_factor,
			 "alone", html_string(alone), "summary",
			 html_string(summary), "doubt",
			 doubt_about(html, kernel), "end",
			 html_string(kernel->finished ? kernel->finish_reason
						      : "did not end"));
}

int html_kernels(struct html *html)
{
	json_t *kernels = json_array();
	int ret = html_set(html->root, "kernels", kernels);

	for (size_t i = 0; !ret && i < html->run->kernel_count; i++)
		ret = html_append(kernels, kernel_json(html, html->kernels[i]));
	return ret;
}

/* By the text alone; what is no cell id is a mechanism of its own. */
static void split(char *id, const char *part[3])
{
	char *first = strchr(id, '/');
	char *second = first ? strchr(first + 1, '/') : NULL;

	part[0] = id;
	part[1] = part[2] = "?";
	if (!second)
		return;
	*first = *second = '\0';
	part[1] = first + 1;
	part[2] = second + 1;
}

static int add_id(struct html *html, const char *id)
{
	cleanup_free char *copy = strdup(id);
	json_t *promises = json_array();
	struct cell_id cell;
	const char *part[3];
	int layer, ret = 0;

	if (!copy || !promises)
		return -ENOMEM;
	split(copy, part);
	if (cell_id_parse(id, &cell, NULL) == 0)
		ret = html_recipe(html, &cell, promises);
	if (!ret)
		ret = html_pool_text(&html->layers, part[2], &layer);
	if (ret < 0) {
		json_decref(promises);
		return ret;
	}
	return html_append(html->ids,
			   json_pack("[oooiio]", html_string(id),
				     html_string(part[0]), html_string(part[1]),
				     layer, (int)duty_of(id), promises));
}

static int id_at(struct html *html, const char *id)
{
	json_t *found = json_object_get(html->id_index, id);
	int index = (int)json_array_size(html->ids);
	int ret;

	if (found)
		return (int)json_integer_value(found);
	ret = add_id(html, id);
	/* it is never written, so that any bytes may be a key */
	if (!ret)
		ret = json_object_set_new_nocheck(html->id_index, id,
						  json_integer(index));
	return ret < 0 ? -ENOMEM : index;
}

static size_t kernel_at(const struct html *html, const char *release)
{
	size_t i = 0;

	while (i < html->run->kernel_count &&
	       strcmp(html->kernels[i]->release, release) != 0)
		i++;
	assert(i < html->run->kernel_count);
	return i;
}

int html_ids(struct html *html)
{
	const struct run *run = html->run;
	size_t count;

	for (size_t i = 0; i < run->record_count; i++)
		if (id_at(html, run->records[i].id) < 0)
			return -ENOMEM;
	count = json_array_size(html->ids);
	html->grid = calloc(run->kernel_count * count + 1, sizeof(*html->grid));
	if (!html->grid)
		return -ENOMEM;
	for (size_t i = 0; i < run->record_count; i++) {
		const struct record *record = &run->records[i];
		size_t kernel = kernel_at(html, record->kernel);

		html->grid[kernel * count + (size_t)id_at(html, record->id)] =
			record;
	}
	return 0;
}

/* The index of a list of indices; -1 for an empty one. */
static int add_list(struct html *html, char *const *lines, size_t count,
		    int *ret)
{
	json_t *list = json_array();
	int error = 0;

	for (size_t i = 0; !error && i < count; i++) {
		int text;

		error = html_pool_text(&html->texts, lines[i], &text);
		if (!error)
			error = html_append(list, json_integer(text));
	}
	if (error < 0 || !count) {
		json_decref(list);
		*ret = -1;
		return error;
	}
	*ret = html_pool_add(&html->lists, list);
	return *ret < 0 ? *ret : 0;
}

static const char *sight_found(const struct sight *sight)
{
	if (sight->kind == FACT_STEP_BLOCKED)
		return "blocked";
	if (sight->kind == FACT_STEP_HUNG)
		return "hung";
	if (sight->kind != FACT_LANDED && sight->kind != FACT_READ) {
		if (sight->value)
			return errno_name(-sight->value);
		return sight->kind == FACT_STEP_END ? "done" : "accepted";
	}
	return sight->value >= 0 && sight->value < CONTENT_COUNT
		       ? content_to_string((enum content)sight->value)
		       : "?";
}

static const char *sight_what(const struct sight *sight)
{
	switch ((int)sight->kind) {
	case FACT_CONTROL:
		return "control pin";
	case FACT_PIN:
		return "pin";
	case FACT_LANDED:
		return "device write";
	case FACT_READ:
	case FACT_UNREADABLE:
		return "read";
	}
	return "step";
}

static int add_sights(struct html *html, const struct record *record, int *ret)
{
	json_t *list = json_array();
	int error = 0;

	for (size_t i = 0; !error && i < record->sight_count; i++) {
		const struct sight *sight = &record->sights[i];

		error = html_append(list,
				    json_pack("[sossI]", sight_what(sight),
					      html_string(sight->name),
					      sight_found(sight),
					      view_to_string(sight->view),
					      (json_int_t)sight->offset));
	}
	if (error < 0 || !record->sight_count) {
		json_decref(list);
		*ret = -1;
		return error;
	}
	*ret = html_pool_add(&html->lists, list);
	return *ret < 0 ? *ret : 0;
}

static int add_cell(struct html *html, json_t *cells, size_t kernel, size_t id,
		    const struct record *record)
{
	bool not_run = !record->started && !record->finished;
	int reason, error, rule, evidence, log, sights, print;

	if (html_pool_text(&html->texts, record->reason, &reason) < 0 ||
	    html_pool_text(&html->texts, record->error, &error) < 0 ||
	    html_pool_text(&html->texts, record->rule, &rule) < 0 ||
	    add_list(html, record->evidence, record->evidence_count,
		     &evidence) < 0 ||
	    add_list(html, record->log, record->log_count, &log) < 0 ||
	    add_sights(html, record, &sights) < 0 ||
	    html_print_of(html, record, &print) < 0)
		return -ENOMEM;
	return html_append(
		cells, json_pack("[iiiiifiiiiii]", (int)kernel, (int)id,
				 not_run ? (int)NOT_RUN : (int)record->verdict,
				 (int)record->outcome, reason, record->seconds,
				 error, rule, evidence, log, sights, print));
}

int html_cells(struct html *html)
{
	size_t count = json_array_size(html->ids);
	json_t *cells = json_array();
	int ret = html_set(html->root, "cells", cells);

	for (size_t k = 0; !ret && k < html->run->kernel_count; k++)
		for (size_t i = 0; !ret && i < count; i++)
			if (html->grid[k * count + i])
				ret = add_cell(html, cells, k, i,
					       html->grid[k * count + i]);
	return ret;
}
