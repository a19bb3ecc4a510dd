/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "plan/near.h"
#include "plan/plan.h"

#define NEAR_SIZE 320
#define PART_SIZE 64

/* The user's globs, and which of them have found a cell. */
struct selection {
	const char *const *globs;
	size_t count;
	bool *used;
};

/* Copies the @axis-th part of @glob, without variant; "" when it has none. */
static const char *glob_part(const char *glob, enum axis axis,
			     char buf[PART_SIZE])
{
	const char *end = axis == AXIS_SCENARIO ? "/@" : "/";
	size_t len;

	buf[0] = '\0';
	for (enum axis i = 0; i < axis; i++) {
		glob = strchr(glob, '/');
		if (!glob)
			return buf;
		glob++;
	}
	len = strcspn(glob, end);
	if (len >= PART_SIZE)
		len = PART_SIZE - 1;
	memcpy(buf, glob, len);
	buf[len] = '\0';
	return buf;
}

static bool spells(const char *glob, enum axis axis, const char *name)
{
	char part[PART_SIZE];

	return !strcmp(glob_part(glob, axis, part), name);
}

static bool glob_selects(const char *glob, const struct cell_id *id,
			 const char *text)
{
	if (!glob_match(glob, text))
		return false;
	if (id->mechanism->traits & MECH_FAKE &&
	    !spells(glob, AXIS_MECHANISM, id->mechanism->name))
		return false;
	return !(id->filesystem->traits & FS_FAKE) ||
	       spells(glob, AXIS_FILESYSTEM, id->filesystem->name);
}

static bool selected(struct selection *selection, const struct cell_id *id)
{
	char text[CELL_ID_SIZE];
	bool found = false;

	cell_id_format(id, text);
	if (!selection->count)
		return glob_selects("*", id, text);

	for (size_t i = 0; i < selection->count; i++) {
		if (!glob_selects(selection->globs[i], id, text))
			continue;
		selection->used[i] = true;
		found = true;
	}
	return found;
}

static int plan_add(struct plan *plan, const struct cell_id *id)
{
	/* Grown in powers of two: the size follows from the count. */
	if (!(plan->count & (plan->count - 1))) {
		size_t room = plan->count ? 2 * plan->count : 1;
		struct cell_id *cells =
			reallocarray(plan->cells, room, sizeof(*cells));

		if (!cells)
			return -ENOMEM;
		plan->cells = cells;
	}
	plan->cells[plan->count++] = *id;
	return 0;
}

/* The plain cell, and one cell per variant. */
static int add_variants(struct plan *plan, struct selection *selection,
			struct cell_id id)
{
	const struct variant *variant = id.scenario->variants;
	int ret = 0;

	if (cell_id_inapplicable(&id))
		return 0;

	if (selected(selection, &id))
		ret = plan_add(plan, &id);
	for (; !ret && variant && variant->name; variant++) {
		id.variant = variant;
		if (!cell_id_inapplicable(&id) && selected(selection, &id))
			ret = plan_add(plan, &id);
	}
	return ret;
}

static int add_mechanisms(struct plan *plan, struct selection *selection,
			  const struct filesystem *filesystem,
			  const struct scenario *scenario)
{
	for (size_t m = 0; mechanisms[m]; m++) {
		struct cell_id id = {
			.mechanism = mechanisms[m],
			.filesystem = filesystem,
			.scenario = scenario,
		};
		int ret = add_variants(plan, selection, id);

		if (ret < 0)
			return ret;
	}
	return 0;
}

static int add_all(struct plan *plan, struct selection *selection)
{
	for (size_t f = 0; filesystems[f]; f++) {
		for (size_t s = 0; scenarios[s]; s++) {
			int ret = add_mechanisms(plan, selection,
						 filesystems[f], scenarios[s]);

			if (ret < 0)
				return ret;
		}
	}
	return 0;
}

/* Whether a part of a glob finds an entry; fakes want their full name. */
static bool part_finds(enum axis axis, const char *part)
{
	const char *entry;

	if (!part[0] || axis_has(axis, part, strlen(part)))
		return true;
	for (size_t i = 0; (entry = axis_entry(axis, i)); i++)
		if (!axis_is_fake(axis, i) && !fnmatch(part, entry, 0))
			return true;
	return false;
}

static int explain_unused(const char *glob, struct error *error)
{
	char part[PART_SIZE], near[NEAR_SIZE];
	struct error inner = {""};
	struct cell_id id;

	for (enum axis axis = 0; axis < AXIS_COUNT; axis++) {
		if (part_finds(axis, glob_part(glob, axis, part)))
			continue;
		return error_set(error, -EINVAL,
				 "no cell matches '%s': no %s is '%s', %s; see "
				 "gupcheck list cells",
				 glob, axis_word(axis, false), part,
				 near_text(axis, part, strlen(part), near,
					   sizeof(near)));
	}
	if (!cell_id_parse(glob, &id, &inner))
		return error_set(error, -EINVAL,
				 "no cell matches '%s': %s; see gupcheck list "
				 "cells",
				 glob, cell_id_inapplicable(&id));
	if (strchr(glob, '@') && !strpbrk(glob, "*?["))
		return error_set(error, -EINVAL, "%s", inner.text);
	return error_set(error, -EINVAL,
			 "no cell matches '%s': these make no cell together; "
			 "see gupcheck list cells",
			 glob);
}

int plan_build(const char *const *globs, size_t count, struct plan *ret,
	       struct error *error)
{
	cleanup_free bool *used = calloc(count + 1, sizeof(*used));
	struct selection selection = {globs, count, used};
	struct plan plan = {NULL};
	int failed = used ? add_all(&plan, &selection) : -ENOMEM;

	if (failed < 0)
		error_set(error, failed, "cannot make the plan:");
	for (size_t i = 0; !failed && i < count; i++)
		if (!used[i])
			failed = explain_unused(globs[i], error);
	if (failed < 0) {
		plan_done(&plan);
		return failed;
	}
	*ret = plan;
	return 0;
}

void plan_done(struct plan *plan)
{
	free(plan->cells);
	*plan = (struct plan){NULL};
}
