/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/report.h"

/** struct entry - one line of a list */
struct entry {
	const char *name;
	const char *summary;
	bool fake;
};

static struct entry mechanism_entry(size_t index)
{
	const struct mechanism *mechanism = mechanisms[index];

	if (!mechanism)
		return (struct entry){NULL};
	return (struct entry){mechanism->name, mechanism->summary,
			      mechanism->traits & MECH_FAKE};
}

static struct entry filesystem_entry(size_t index)
{
	const struct filesystem *filesystem = filesystems[index];

	if (!filesystem)
		return (struct entry){NULL};
	return (struct entry){filesystem->name, filesystem->summary,
			      filesystem->traits & FS_FAKE};
}

static struct entry scenario_entry(size_t index)
{
	const struct scenario *scenario = scenarios[index];

	if (!scenario)
		return (struct entry){NULL};
	return (struct entry){scenario->name, scenario->summary, false};
}

/** struct selection - the user's globs; all entries when @count is 0 */
struct selection {
	const char *const *globs;
	size_t count;
};

static bool wanted(const struct selection *selection, const struct entry *entry)
{
	/* As in plans, fakes are there for who spells their name. */
	if (!selection->count)
		return !entry->fake;
	for (size_t i = 0; i < selection->count; i++) {
		const char *glob = selection->globs[i];

		if (entry->fake ? !strcmp(glob, entry->name)
				: !fnmatch(glob, entry->name, 0))
			return true;
	}
	return false;
}

static int list_axis(FILE *out, const char *what,
		     struct entry (*next)(size_t index),
		     const struct selection *selection, struct error *error)
{
	struct entry entry;
	size_t width = 0, found = 0;

	for (size_t i = 0; (entry = next(i)).name; i++)
		if (wanted(selection, &entry) && strlen(entry.name) > width)
			width = strlen(entry.name);
	for (size_t i = 0; (entry = next(i)).name; i++) {
		if (!wanted(selection, &entry))
			continue;
		fprintf(out, "%-*s  %s\n", (int)width, entry.name,
			entry.summary);
		found++;
	}
	if (found)
		return 0;
	return error_set(error, -EINVAL,
			 "no name matches '%s'; see gupcheck list %s",
			 selection->count ? selection->globs[0] : "*", what);
}

static int list_cells(FILE *out, const struct selection *selection,
		      const struct shard *shard, struct error *error)
{
	cleanup(plan_done) struct plan plan = {NULL};
	char id[CELL_ID_SIZE];
	size_t width = 0;
	int ret = plan_build(selection->globs, selection->count, &plan, error);

	if (ret < 0)
		return ret;
	shard_cut(shard, &plan);
	for (size_t i = 0; i < plan.count; i++) {
		size_t len = strlen(cell_id_format(&plan.cells[i], id));

		width = len > width ? len : width;
	}
	for (size_t i = 0; i < plan.count; i++) {
		const struct cell_id *cell = &plan.cells[i];

		fprintf(out, "%-*s  %s%s%s\n", (int)width,
			cell_id_format(cell, id), cell->scenario->summary,
			cell->variant ? ", " : "",
			cell->variant ? cell->variant->summary : "");
	}
	return 0;
}

int list(FILE *out, const char *what, const char *const *globs, size_t count,
	 const struct shard *shard, struct error *error)
{
	struct selection selection = {globs, count};

	if (shard->count && strcmp(what, "cells") != 0)
		return error_set(error, -EINVAL,
				 "--shard: splits cells, not %s: see gupcheck "
				 "list cells",
				 what);
	if (!strcmp(what, "mechanisms"))
		return list_axis(out, what, mechanism_entry, &selection, error);
	if (!strcmp(what, "filesystems"))
		return list_axis(out, what, filesystem_entry, &selection,
				 error);
	if (!strcmp(what, "scenarios"))
		return list_axis(out, what, scenario_entry, &selection, error);
	if (!strcmp(what, "cells"))
		return list_cells(out, &selection, shard, error);
	return error_set(error, -EINVAL,
			 "cannot list '%s'; there are mechanisms, filesystems, "
			 "scenarios and cells",
			 what);
}
