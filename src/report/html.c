/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "judge/change.h"
#include "kernel/release.h"
#include "report/html.h"
#include "report/recipe.h"

static int pool_init(struct html_pool *pool)
{
	pool->list = json_array();
	pool->index = json_object();
	return pool->list && pool->index ? 0 : -ENOMEM;
}

static void pool_done(struct html_pool *pool)
{
	json_decref(pool->list);
	json_decref(pool->index);
}

static void html_done(struct html *html)
{
	json_decref(html->root);
	json_decref(html->id_index);
	pool_done(&html->layers);
	pool_done(&html->texts);
	pool_done(&html->lists);
	pool_done(&html->prints);
	free(html->kernels);
	free(html->grid);
}

static int compare_kernels(const void *a, const void *b)
{
	const struct run_kernel *left = *(const struct run_kernel *const *)a;
	const struct run_kernel *right = *(const struct run_kernel *const *)b;
	int order = release_compare(left->release, right->release);

	if (!order)
		order = -release_compare(right->release, left->release);
	/* `6.1-rc2` before `6.1.0` */
	return order ? order : strverscmp(left->release, right->release);
}

static int sort_kernels(struct html *html)
{
	size_t count = html->run->kernel_count;

	html->kernels = calloc(count + 1, sizeof(*html->kernels));
	if (!html->kernels)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		html->kernels[i] = &html->run->kernels[i];
	qsort(html->kernels, count, sizeof(*html->kernels), compare_kernels);
	return 0;
}

static int add_words(struct html *html)
{
	json_t *verdicts = json_array(), *outcomes = json_array();
	json_t *changes = json_array(), *by_duty = json_array();
	int ret = html_set(html->root, "verdicts", verdicts);

	if (!ret)
		ret = html_set(html->root, "outcomes", outcomes);
	if (!ret)
		ret = html_set(html->root, "changes", changes);
	if (!ret)
		ret = html_set(html->root, "expected", by_duty);
	for (int i = 0; !ret && i < VERDICT_COUNT; i++)
		ret = html_append(verdicts, json_string(verdict_to_string(i)));
	if (!ret)
		ret = html_append(verdicts, json_string("not run"));
	for (int i = 0; !ret && i < OUTCOME_COUNT; i++)
		ret = html_append(outcomes, json_string(outcome_to_string(i)));
	for (int i = 0; !ret && i < CHANGE_COUNT; i++)
		ret = html_append(changes, json_string(change_to_string(i)));
	for (int i = 0; !ret && i < DUTY_COUNT; i++)
		ret = html_append(by_duty, json_string(recipe_expected(i)));
	return ret;
}

static int html_build(struct html *html)
{
	const char *time = html->run->time;
	int ret = sort_kernels(html);

	html->ids = json_array();
	html->id_index = json_object();
	html->root = json_pack("{so so sb so so so so}", "gupcheck",
			       html_string(html->run->version), "time",
			       time ? html_string(time) : json_null(), "strict",
			       html->options->strict, "mechanisms",
			       json_object(), "filesystems", json_object(),
			       "scenarios", json_object(), "ids", html->ids);
	if (!html->root || !html->id_index || pool_init(&html->layers) < 0 ||
	    pool_init(&html->texts) < 0 || pool_init(&html->lists) < 0 ||
	    pool_init(&html->prints) < 0)
		return -ENOMEM;
	if (!ret)
		ret = add_words(html);
	if (!ret)
		ret = html_kernels(html);
	if (!ret)
		ret = html_ids(html);
	if (!ret)
		ret = html_cells(html);
	if (!ret)
		ret = html_differences(html);
	if (!ret)
		ret = html_since(html);
	if (!ret)
		ret = json_object_set(html->root, "layers", html->layers.list);
	if (!ret)
		ret = json_object_set(html->root, "texts", html->texts.list);
	if (!ret)
		ret = json_object_set(html->root, "lists", html->lists.list);
	if (!ret)
		ret = json_object_set(html->root, "prints", html->prints.list);
	return ret < 0 ? -ENOMEM : 0;
}

/*
 * In JSON these stand in strings only. Without `<` nothing ends the script
 * element or opens a comment in it.
 */
static int put_data(const char *text, size_t len, void *data)
{
	FILE *out = data;

	for (size_t i = 0; i < len; i++)
		if (text[i] == '<' || text[i] == '>' || text[i] == '&')
			fprintf(out, "\\u%04x", (unsigned int)text[i]);
		else
			putc_unlocked(text[i], out);
	return ferror(out) ? -1 : 0;
}

int report_html(FILE *out, const struct run *run,
		const struct report_options *options)
{
	cleanup(html_done) struct html html = {.run = run, .options = options};
	int ret = html_build(&html);

	if (ret < 0)
		return ret;
	fputs(html_head, out);
	ret = json_dump_callback(html.root, put_data, out,
				 JSON_COMPACT | JSON_ENSURE_ASCII |
					 JSON_REAL_PRECISION(4));
	fputs(html_tail, out);
	return ret < 0 || ferror(out) ? -EIO : 0;
}
