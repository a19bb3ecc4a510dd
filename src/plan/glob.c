/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "plan/plan.h"

/* A lone word names a driver of any axis, or a scenario with its variant */
static bool part_matches(const char *glob, const char *id)
{
	char part[CELL_ID_SIZE];

	for (;;) {
		size_t len = strcspn(id, "/");

		snprintf(part, sizeof(part), "%.*s", (int)len, id);
		if (!fnmatch(glob, part, 0))
			return true;
		part[strcspn(part, "@")] = '\0';
		if (!fnmatch(glob, part, 0))
			return true;
		if (!id[len])
			return false;
		id += len + 1;
	}
}

bool glob_match(const char *glob, const char *id)
{
	if (!strchr(glob, '/') && part_matches(glob, id))
		return true;
	/*
	 * FNM_LEADING_DIR gives the missing tail: a glob that ends before a
	 * slash of the id matches. No FNM_PATHNAME, so that `*` crosses
	 * slashes.
	 */
	return fnmatch(glob, id, FNM_LEADING_DIR) == 0;
}
