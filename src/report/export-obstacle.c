/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which cells can be exported, and what stands in the way of the others. */
#include <errno.h>
#include <string.h>
#include "report/export.h"
#include "report/export-source.h"

/* The same cell of a mechanism with @traits that can be exported, or NULL */
static const struct mechanism *stand_in(const struct cell_id *id,
					unsigned int traits)
{
	struct cell_id other = *id;

	for (size_t i = 0; mechanisms[i]; i++) {
		other.mechanism = mechanisms[i];
		if (export_has("pin", mechanisms[i]->name) &&
		    (mechanisms[i]->traits & traits) == traits &&
		    !cell_id_inapplicable(&other))
			return mechanisms[i];
	}
	return NULL;
}

static int no_mechanism(const struct cell_id *id, struct error *error)
{
	const struct mechanism *other = stand_in(id, MECH_HELD | MECH_TYPICAL);
	char text[CELL_ID_SIZE];

	if (!other)
		other = stand_in(id, 0);
	cell_id_format(id, text);
	if (!other)
		return error_set(
			error, -ENOTSUP,
			"%s cannot be exported: it takes more than system calls to drive %s; see gupcheck explain %s",
			text, id->mechanism->name, text);
	return error_set(
		error, -ENOTSUP,
		"%s cannot be exported: it takes more than system calls to drive %s; try %s/%s/%s",
		text, id->mechanism->name, other->name, id->filesystem->name,
		id->scenario->name);
}

/* In one process a store that waits keeps the step behind it waiting, too */
static bool waits_for_itself(const struct cell_id *id, const struct step *step)
{
	return !strcmp(step->name, "device_write") &&
	       step->flags & STEP_MAY_BLOCK && !id->mechanism->device_write;
}

static const char *no_filesystem(const struct filesystem *filesystem)
{
	if (!filesystem->type)
		return "it is no mount of its own";
	if (filesystem->prepare || filesystem->traits & FS_MAPPED_ONLY)
		return "it takes more than a mount";
	if (filesystem->settle && !export_has("settle", filesystem->type))
		return "nothing in cases/export/ waits until its FIEMAP is true";
	return NULL;
}

int export_obstacle(const struct cell_id *id, struct error *error)
{
	const char *reason = no_filesystem(id->filesystem);
	char text[CELL_ID_SIZE];

	cell_id_format(id, text);
	if (id->variant)
		return error_set(
			error, -ENOTSUP,
			"%s cannot be exported: variants are not; try it without @%s",
			text, id->variant->name);
	if (!export_has("pin", id->mechanism->name))
		return no_mechanism(id, error);
	if (reason)
		return error_set(
			error, -ENOTSUP,
			"%s cannot be exported: %s: %s; try another filesystem",
			text, id->filesystem->name, reason);
	for (size_t i = 0; id->scenario->steps[i]; i++) {
		const struct step *step = id->scenario->steps[i];

		if (waits_for_itself(id, step))
			return error_set(
				error, -ENOTSUP,
				"%s cannot be exported: its store has to wait for a later step; try a mechanism that writes",
				text);
		if (step->label || export_leaves_out(id, step) ||
		    export_has("step", step->name))
			continue;
		return error_set(
			error, -ENOTSUP,
			"%s cannot be exported: step %s has no text: add cases/export/step-%s.c",
			text, step->name, step->name);
	}
	return 0;
}
