/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "judge/promise.h"

bool promise_is_meant(const struct promise *promise, const struct cell_id *id)
{
	unsigned int traits = id->mechanism->traits;
	unsigned int flags = id->variant ? id->variant->flags : 0;

	if ((promise->only & traits) != promise->only ||
	    (promise->variant_only & flags) != promise->variant_only)
		return false;
	return !(promise->never & traits) && !(promise->variant_never & flags);
}

static bool is_read(const struct fact *fact, const char *label)
{
	return (fact->kind == FACT_READ || fact->kind == FACT_UNREADABLE) &&
	       !strcmp(fact->name, label);
}

/* The step ran, and returned 0 each time */
static bool step_succeeded(const struct observation *observation,
			   const char *step)
{
	size_t times = 0;

	for (size_t i = 0; i < observation->count; i++) {
		const struct fact *fact = &observation->facts[i];

		if (fact->kind != FACT_STEP_END || strcmp(fact->name, step))
			continue;
		if (fact->value)
			return false;
		times++;
	}
	return times > 0;
}

static bool step_failed(const struct observation *observation, const char *step)
{
	const struct fact *end =
		observation_first(observation, FACT_STEP_END, step);

	return end && end->value;
}

static enum promise_state binds(const struct promise *promise,
				const struct observation *observation,
				char *words, size_t size)
{
	bool observed = !promise->after;

	if (promise->may_refuse && step_failed(observation, promise->step))
		return PROMISE_FOREIGN;
	if (promise->step && !step_succeeded(observation, promise->step)) {
		snprintf(words, size, "step %s did not succeed", promise->step);
		return PROMISE_UNPROVEN;
	}
	for (size_t i = 0; !observed && i < observation->count; i++) {
		const struct fact *fact = &observation->facts[i];

		observed = is_read(fact, promise->after) &&
			   fact->kind == FACT_READ &&
			   fact->value == (int)promise->observed;
	}
	if (observed)
		return PROMISE_KEPT;
	snprintf(words, size, "read \"%s\" did not return %s data",
		 promise->after, content_to_string(promise->observed));
	return PROMISE_UNPROVEN;
}

static enum promise_state check_read(const struct promise *promise,
				     const struct fact *fact, char *words,
				     size_t size)
{
	if (fact->kind == FACT_READ &&
	    (promise->readable || fact->value == (int)promise->required))
		return PROMISE_KEPT;
	if (fact->kind == FACT_READ) {
		snprintf(words, size,
			 "%s: read \"%s\" (%s) shows %s data, not %s",
			 promise->text, promise->label,
			 view_to_string(fact->view),
			 content_to_string((enum content)fact->value),
			 content_to_string(promise->required));
		return PROMISE_BROKEN;
	}
	/* the mechanism has no such view */
	if (fact->value == -EOPNOTSUPP)
		return PROMISE_FOREIGN;
	snprintf(words, size, "%s: read \"%s\" (%s) failed with %s",
		 promise->text, promise->label, view_to_string(fact->view),
		 errno_name(-fact->value));
	/* the filesystem found its own data damaged */
	return fact->value == -EIO ? PROMISE_BROKEN : PROMISE_UNPROVEN;
}

enum promise_state promise_check(const struct promise *promise,
				 const struct cell_id *id,
				 const struct observation *observation,
				 char *words, size_t size)
{
	enum promise_state state;
	bool seen = false;

	if (!promise_is_meant(promise, id))
		return PROMISE_FOREIGN;
	state = binds(promise, observation, words, size);
	if (state != PROMISE_KEPT)
		return state;
	for (size_t i = 0; i < observation->count; i++) {
		const struct fact *fact = &observation->facts[i];

		if (!is_read(fact, promise->label))
			continue;
		seen = true;
		state = check_read(promise, fact, words, size);
		if (state == PROMISE_BROKEN || state == PROMISE_UNPROVEN)
			return state;
	}
	if (seen)
		return PROMISE_KEPT;
	snprintf(words, size, "there is no read \"%s\"", promise->label);
	return PROMISE_UNPROVEN;
}
