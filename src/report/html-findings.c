/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What stands above single cells: one bug, and since when a pin is refused. */
#include <errno.h>
#include <stdlib.h>

#include "report/html.h"
#include "report/kernels.h"
#include "runner/fingerprint.h"

int html_print_of(struct html *html, const struct record *record, int *ret)
{
	struct fingerprint print;

	*ret = -1;
	if (!fingerprint_of(record, &print))
		return 0;
	*ret = html_pool_add(&html->prints, json_pack("[so]", print.id,
						      html_string(print.text)));
	return *ret < 0 ? *ret : 0;
}

static int kernel_index(const struct html *html,
			const struct kernels_column *column)
{
	if (!column)
		return -1;
	for (size_t i = 0; i < html->run->kernel_count; i++)
		if (html->kernels[i] == column->kernel)
			return (int)i;
	return -1;
}

static int add_since(struct html *html, json_t *since,
		     const struct kernels *kernels, const char *mechanism)
{
	struct kernels_history history;
	int ret = kernels_history(kernels, mechanism, &history);

	if (!ret)
		ret = html_append(since,
				  json_pack("[oio]", html_string(mechanism),
					    kernel_index(html, history.first),
					    html_string(history.text)));
	free(history.text);
	return ret;
}

int html_since(struct html *html)
{
	struct names found = {NULL};
	struct kernels kernels = {NULL};
	json_t *since = json_array();
	int ret = html_set(html->root, "since", since);

	if (!ret)
		ret = kernels_make(html->run, &kernels);
	if (!ret)
		ret = kernels_mechanisms(&kernels, &found);
	for (size_t i = 0; !ret && i < found.count; i++)
		ret = add_since(html, since, &kernels, found.list[i]);
	names_done(&found);
	kernels_done(&kernels);
	return ret;
}
