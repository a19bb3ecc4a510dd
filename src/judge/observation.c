/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "judge/observation.h"

int observation_add(struct observation *observation, const struct fact *fact)
{
	if (observation->count == observation->allocated) {
		size_t more = observation->allocated
				      ? observation->allocated * 2
				      : 32;
		struct fact *facts =
			realloc(observation->facts, more * sizeof(*facts));

		if (!facts)
			return -ENOMEM;
		observation->facts = facts;
		observation->allocated = more;
	}
	observation->facts[observation->count++] = *fact;
	return 0;
}

bool observation_repeats(const struct observation *observation,
			 const struct fact *fact)
{
	if (fact->kind != FACT_READ && fact->kind != FACT_LANDED &&
	    fact->kind != FACT_PIN && fact->kind != FACT_PINNED &&
	    fact->kind != FACT_UNREADABLE)
		return false;
	for (size_t i = 0; i < observation->count; i++)
		if (!memcmp(&observation->facts[i], fact, sizeof(*fact)))
			return true;
	return false;
}

void observation_done(struct observation *observation)
{
	free(observation->facts);
	memset(observation, 0, sizeof(*observation));
}

const struct fact *observation_first(const struct observation *observation,
				     enum fact_kind kind, const char *name)
{
	for (size_t i = 0; i < observation->count; i++) {
		const struct fact *fact = &observation->facts[i];

		if (fact->kind == (unsigned int)kind &&
		    (!name || !strcmp(fact->name, name)))
			return fact;
	}
	return NULL;
}
