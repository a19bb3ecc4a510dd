/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/order.h"

static size_t filesystem_rank(const struct cell_id *id)
{
	size_t i = 0;

	while (filesystems[i] && filesystems[i] != id->filesystem)
		i++;
	return i;
}

static size_t scenario_rank(const struct cell_id *id)
{
	size_t i = 0;

	while (scenarios[i] && scenarios[i] != id->scenario)
		i++;
	return i;
}

static size_t mechanism_rank(const struct cell_id *id)
{
	size_t i = 0;

	while (mechanisms[i] && mechanisms[i] != id->mechanism)
		i++;
	return i;
}

/* The plain cell is the first */
static size_t variant_rank(const struct cell_id *id)
{
	return id->variant ? (size_t)(id->variant - id->scenario->variants) + 1
			   : 0;
}

int cell_id_order(const struct cell_id *a, const struct cell_id *b)
{
	static size_t (*const ranks[])(const struct cell_id *id) = {
		filesystem_rank,
		scenario_rank,
		mechanism_rank,
		variant_rank,
	};

	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++) {
		size_t left = ranks[i](a), right = ranks[i](b);

		if (left != right)
			return left < right ? -1 : 1;
	}
	return 0;
}
