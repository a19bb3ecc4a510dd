/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "judge/change.h"
#include "report/html.h"

static struct change_side side_of(const struct run_kernel *kernel,
				  const struct record *record)
{
	return (struct change_side){
		.verdict = run_cut_off(kernel, record) ? VERDICT_SKIPPED
						       : record->verdict,
		.error = record->error,
		.reason = record->reason,
	};
}

static enum change change_of(const struct html *html, size_t old, size_t new,
			     size_t id, const char **ret_why)
{
	size_t count = json_array_size(html->ids);
	const struct record *was = html->grid[old * count + id];
	const struct record *is = html->grid[new *count + id];
	struct change_side old_side, new_side;

	*ret_why = NULL;
	if (!was || !is)
		return was  ? CHANGE_ONLY_OLD
		       : is ? CHANGE_ONLY_NEW
			    : CHANGE_UNANSWERED;
	old_side = side_of(html->kernels[old], was);
	new_side = side_of(html->kernels[new], is);
	return change_judge((enum duty)json_integer_value(json_array_get(
				    json_array_get(html->ids, id), 4)),
			    &old_side, &new_side, ret_why);
}

static int add_pair(struct html *html, json_t *pairs, size_t old, size_t new)
{
	size_t count = json_array_size(html->ids);
	json_t *changes = json_array();
	int ret = html_append(pairs,
			      json_pack("[iio]", (int)old, (int)new, changes));

	for (size_t i = 0; !ret && i < count; i++) {
		const char *text;
		enum change change = change_of(html, old, new, i, &text);
		int why;

		if (change == CHANGE_SAME || change == CHANGE_UNANSWERED)
			continue;
		ret = html_pool_text(&html->texts, text, &why);
		if (!ret)
			ret = html_append(changes, json_integer((int)i));
		if (!ret)
			ret = html_append(changes, json_integer((int)change));
		if (!ret)
			ret = html_append(changes, json_integer(why));
	}
	return ret;
}

int html_differences(struct html *html)
{
	size_t count = html->run->kernel_count;
	json_t *pairs = json_array();
	int ret = html_set(html->root, "differences", pairs);

	for (size_t old = 0; !ret && old < count; old++)
		for (size_t new = old + 1; !ret &&new < count; new ++)
			ret = add_pair(html, pairs, old, new);
	return ret;
}
