/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_REQUIRE_PROBE_H
#define KERNEL_REQUIRE_PROBE_H

/* One atom of a requirement expression, and how to find out about it. */

#include <stdbool.h>

#include "kernel/require.h"

#define REQUIRE_KIND_SIZE 16
#define REQUIRE_ARGUMENT_SIZE 256
#define REQUIRE_SYMBOL_SIZE 96

/** struct require_atom - `!kind:argument@symbol`; absent parts are "" */
struct require_atom {
	bool negated;
	char kind[REQUIRE_KIND_SIZE];
	char argument[REQUIRE_ARGUMENT_SIZE];
	char symbol[REQUIRE_SYMBOL_SIZE];
};

/**
 * struct require_kind - what the words of require.h mean
 * @name: as in the expression
 * @has_argument: `kind:argument` instead of `kind`
 * @valid: optional, whether the argument makes sense at all
 * @met: whether it is so in @world
 * @before: reason text around the argument where it is not met
 * @after: see @before
 * @why: optional, more on why it is not met: @ret receives text that goes
 *behind the symbol, or ""
 */
struct require_kind {
	const char *name;
	bool has_argument;
	bool (*valid)(const char *argument);
	bool (*met)(const struct require_world *world,
		    const struct require_atom *atom);
	const char *before;
	const char *after;
	void (*why)(const struct require_world *world,
		    const struct require_atom *atom, char *ret, size_t size);
};

/** require_kind_find() - NULL for an unknown name */
const struct require_kind *require_kind_find(const char *name);

#endif
