/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plan/near.h"
#include "plan/plan.h"

#define NEAR_SIZE 320

const struct mechanism *mechanism_find(const char *name)
{
	for (size_t i = 0; mechanisms[i]; i++)
		if (!strcmp(mechanisms[i]->name, name))
			return mechanisms[i];
	return NULL;
}

const struct filesystem *filesystem_find(const char *name)
{
	for (size_t i = 0; filesystems[i]; i++)
		if (!strcmp(filesystems[i]->name, name))
			return filesystems[i];
	return NULL;
}

const struct scenario *scenario_find(const char *name)
{
	for (size_t i = 0; scenarios[i]; i++)
		if (!strcmp(scenarios[i]->name, name))
			return scenarios[i];
	return NULL;
}

static const struct variant *variant_find(const struct scenario *scenario,
					  const char *name)
{
	const struct variant *variant = scenario->variants;

	for (; variant && variant->name; variant++)
		if (!strcmp(variant->name, name))
			return variant;
	return NULL;
}

static int unknown(enum axis axis, const char *part, const char *id,
		   struct error *error)
{
	char near[NEAR_SIZE];

	return error_set(
		error, -EINVAL,
		"unknown %s '%s' in '%s': %s; see gupcheck list %s",
		axis_word(axis, false), part, id,
		near_text(axis, part, strlen(part), near, sizeof(near)),
		axis_word(axis, true));
}

static int unknown_variant(const struct scenario *scenario, const char *part,
			   const char *id, struct error *error)
{
	const struct variant *variant = scenario->variants;
	char names[NEAR_SIZE] = "";

	for (; variant && variant->name; variant++) {
		size_t used = strlen(names);

		snprintf(names + used, sizeof(names) - used, "%s@%s",
			 used ? ", " : "", variant->name);
	}
	if (!names[0])
		return error_set(error, -EINVAL,
				 "unknown variant '%s' in '%s': %s has none",
				 part, id, scenario->name);
	return error_set(error, -EINVAL,
			 "unknown variant '%s' in '%s': %s has %s", part, id,
			 scenario->name, names);
}

/* Cuts @text at the next @separator; NULL when there is none. */
static char *split(char *text, char separator)
{
	char *at = strchr(text, separator);

	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

static int find_parts(const char *text, char *parts[3], const char *variant,
		      struct cell_id *ret, struct error *error)
{
	struct cell_id id = {
		.mechanism = mechanism_find(parts[AXIS_MECHANISM]),
		.filesystem = filesystem_find(parts[AXIS_FILESYSTEM]),
		.scenario = scenario_find(parts[AXIS_SCENARIO]),
	};

	if (!id.mechanism)
		return unknown(AXIS_MECHANISM, parts[AXIS_MECHANISM], text,
			       error);
	if (!id.filesystem)
		return unknown(AXIS_FILESYSTEM, parts[AXIS_FILESYSTEM], text,
			       error);
	if (!id.scenario)
		return unknown(AXIS_SCENARIO, parts[AXIS_SCENARIO], text,
			       error);
	if (variant) {
		id.variant = variant_find(id.scenario, variant);
		if (!id.variant)
			return unknown_variant(id.scenario, variant, text,
					       error);
	}
	*ret = id;
	return 0;
}

int cell_id_parse(const char *text, struct cell_id *ret, struct error *error)
{
	char buf[CELL_ID_SIZE];
	char *parts[AXIS_COUNT];
	char *variant;

	if (strlen(text) >= sizeof(buf))
		return error_set(error, -EINVAL,
				 "'%.40s...' is too long for a cell id", text);
	strcpy(buf, text);

	parts[AXIS_MECHANISM] = buf;
	parts[AXIS_FILESYSTEM] = split(buf, '/');
	parts[AXIS_SCENARIO] = parts[AXIS_FILESYSTEM]
				       ? split(parts[AXIS_FILESYSTEM], '/')
				       : NULL;
	if (!parts[AXIS_SCENARIO])
		return error_set(error, -EINVAL,
				 "'%s' is no cell id: write mechanism/"
				 "filesystem/scenario[@variant]; see gupcheck "
				 "list cells",
				 text);
	variant = split(parts[AXIS_SCENARIO], '@');
	return find_parts(text, parts, variant, ret, error);
}

const char *cell_id_format(const struct cell_id *id, char buf[CELL_ID_SIZE])
{
	snprintf(buf, CELL_ID_SIZE, "%s/%s/%s%s%s", id->mechanism->name,
		 id->filesystem->name, id->scenario->name,
		 id->variant ? "@" : "", id->variant ? id->variant->name : "");
	return buf;
}

bool cell_id_must_refuse(const struct cell_id *id)
{
	unsigned int traits = id->mechanism->traits;

	if (id->variant && id->variant->flags & VARIANT_UNPINNABLE)
		return true;
	return (traits & MECH_LONGTERM) && (traits & MECH_WRITES) &&
	       !(traits & MECH_READS_ONLY) &&
	       !(id->variant && id->variant->flags & VARIANT_PRIVATE) &&
	       (id->filesystem->traits & FS_TRACKS_DIRTY);
}
