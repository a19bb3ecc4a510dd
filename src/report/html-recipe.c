/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "judge/promise.h"
#include "report/html.h"
#include "report/recipe.h"

static json_t *steps_of(const struct scenario *scenario)
{
	json_t *steps = json_array();

	for (size_t i = 0; scenario->steps[i]; i++) {
		cleanup_free char *text = NULL;

		if (recipe_step(scenario->steps[i], &text) < 0 ||
		    html_append(steps,
				json_pack("[so]", scenario->steps[i]->name,
					  html_string(text))) < 0) {
			json_decref(steps);
			return NULL;
		}
	}
	return steps;
}

static json_t *promise_of(const struct promise *promise)
{
	const char *name = recipe_invariant(promise->invariant);
	char check[RECIPE_CHECK_SIZE];
	char invariant[80], required[40];

	snprintf(invariant, sizeof(invariant), "invariant %u%s%s",
		 promise->invariant, name ? ", " : "", name ? name : "");
	snprintf(required, sizeof(required), "%s%s",
		 promise->readable ? "anything that can be read"
				   : content_to_string(promise->required),
		 promise->readable ? "" : " data");
	return json_pack("[sssss?s]", invariant, promise->text,
			 recipe_check(promise, check), promise->source,
			 promise->label, required);
}

static json_t *promises_of(const struct scenario *scenario)
{
	const struct promise *promise = scenario->promises;
	json_t *promises = json_array();

	for (; promise && promise->text; promise++)
		if (html_append(promises, promise_of(promise)) < 0) {
			json_decref(promises);
			return NULL;
		}
	return promises;
}

static json_t *variants_of(const struct scenario *scenario)
{
	const struct variant *variant = scenario->variants;
	json_t *variants = json_object();

	for (; variant && variant->name; variant++)
		if (html_set(variants, variant->name,
			     json_string(variant->summary)) < 0) {
			json_decref(variants);
			return NULL;
		}
	return variants;
}

static json_t *links_of(const struct scenario *scenario)
{
	json_t *links = json_array();

	for (size_t i = 0; scenario->links && scenario->links[i]; i++)
		if (html_append(links, json_string(scenario->links[i])) < 0) {
			json_decref(links);
			return NULL;
		}
	return links;
}

static json_t *scenario_json(const struct scenario *scenario)
{
	return json_pack("{ss ss so so so so}", "summary", scenario->summary,
			 "why", scenario->why, "links", links_of(scenario),
			 "steps", steps_of(scenario), "promises",
			 promises_of(scenario), "variants",
			 variants_of(scenario));
}

static json_t *mechanism_json(const struct mechanism *mechanism)
{
	const struct gup_call *call = mechanism->calls;
	json_t *calls = json_array();

	for (; call && call->function; call++)
		if (html_append(calls, json_pack("[sss]", call->kernels,
						 call->function, call->flags)) <
		    0) {
			json_decref(calls);
			return NULL;
		}
	return json_pack("{ss ss so}", "summary", mechanism->summary, "why",
			 mechanism->why, "calls", calls);
}

static int promises_meant(const struct cell_id *id, json_t *ret)
{
	const struct promise *promise = id->scenario->promises;
	int error = 0;

	for (int i = 0; !error && promise && promise->text; promise++, i++)
		if (promise_is_meant(promise, id))
			error = html_append(ret, json_integer(i));
	return error;
}

static bool lacks(const struct html *html, const char *key, const char *name)
{
	return !json_object_get(json_object_get(html->root, key), name);
}

static int add(struct html *html, const char *key, const char *name,
	       json_t *value)
{
	return html_set(json_object_get(html->root, key), name, value);
}

int html_recipe(struct html *html, const struct cell_id *id, json_t *promises)
{
	const struct filesystem *filesystem = id->filesystem;
	int ret = 0;

	if (lacks(html, "scenarios", id->scenario->name))
		ret = add(html, "scenarios", id->scenario->name,
			  scenario_json(id->scenario));
	if (!ret && lacks(html, "mechanisms", id->mechanism->name))
		ret = add(html, "mechanisms", id->mechanism->name,
			  mechanism_json(id->mechanism));
	if (!ret && lacks(html, "filesystems", filesystem->name))
		ret = add(html, "filesystems", filesystem->name,
			  json_pack("{ss ss}", "summary", filesystem->summary,
				    "why", filesystem->why));
	return ret < 0 ? ret : promises_meant(id, promises);
}
