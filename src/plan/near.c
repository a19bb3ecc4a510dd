/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "plan/near.h"
#include "plan/plan.h"

/* Longer names are compared by their first bytes only. */
#define NEAR_LENGTH 40

const char *axis_word(enum axis axis, bool plural)
{
	switch (axis) {
	case AXIS_MECHANISM:
		return plural ? "mechanisms" : "mechanism";
	case AXIS_FILESYSTEM:
		return plural ? "filesystems" : "filesystem";
	case AXIS_SCENARIO:
		return plural ? "scenarios" : "scenario";
	case AXIS_COUNT:
		break;
	}
	return "";
}

const char *axis_entry(enum axis axis, size_t index)
{
	switch (axis) {
	case AXIS_MECHANISM:
		return mechanisms[index] ? mechanisms[index]->name : NULL;
	case AXIS_FILESYSTEM:
		return filesystems[index] ? filesystems[index]->name : NULL;
	case AXIS_SCENARIO:
		return scenarios[index] ? scenarios[index]->name : NULL;
	case AXIS_COUNT:
		break;
	}
	return NULL;
}

bool axis_is_fake(enum axis axis, size_t index)
{
	if (axis == AXIS_MECHANISM)
		return mechanisms[index]->traits & MECH_FAKE;
	if (axis == AXIS_FILESYSTEM)
		return filesystems[index]->traits & FS_FAKE;
	return false;
}

bool axis_has(enum axis axis, const char *name, size_t len)
{
	const char *entry;

	for (size_t i = 0; (entry = axis_entry(axis, i)); i++)
		if (strlen(entry) == len && !memcmp(entry, name, len))
			return true;
	return false;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Letters to insert, delete or replace to make @a into @b. */
static unsigned int distance(const char *a, size_t a_len, const char *b,
			     size_t b_len)
{
	unsigned int row[NEAR_LENGTH + 1];

	a_len = a_len < NEAR_LENGTH ? a_len : NEAR_LENGTH;
	b_len = b_len < NEAR_LENGTH ? b_len : NEAR_LENGTH;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = (unsigned int)j;

	for (size_t i = 1; i <= a_len; i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned int above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1,
				      diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
}

const char *near_word(const char *name, const char *(*word)(size_t index))
{
	size_t len = strlen(name);
	unsigned int best = (unsigned int)len / 3 + 1;
	const char *found = NULL;
	const char *entry;

	for (size_t i = 0; (entry = word(i)); i++) {
		unsigned int here = distance(name, len, entry, strlen(entry));

		if (here < best) {
			best = here;
			found = entry;
		}
	}
	return found;
}

static const char *nearest(enum axis axis, const char *name, size_t len)
{
	/* More than a third of the letters wrong is another word. */
	unsigned int best = (unsigned int)len / 3 + 1;
	const char *found = NULL;
	const char *entry;

	for (size_t i = 0; (entry = axis_entry(axis, i)); i++) {
		unsigned int here = distance(name, len, entry, strlen(entry));

		if (!axis_is_fake(axis, i) && here < best) {
			best = here;
			found = entry;
		}
	}
	return found;
}

static void list_names(enum axis axis, char *buf, size_t size)
{
	const char *before = " are ";
	const char *entry;
	size_t used;

	snprintf(buf, size, "%s", axis_word(axis, true));
	for (size_t i = 0; (entry = axis_entry(axis, i)); i++) {
		if (axis_is_fake(axis, i))
			continue;
		used = strlen(buf);
		snprintf(buf + used, size - used, "%s%s", before, entry);
		before = ", ";
	}
}

const char *near_text(enum axis axis, const char *name, size_t len, char *buf,
		      size_t size)
{
	const char *found = nearest(axis, name, len);

	if (found) {
		snprintf(buf, size, "the nearest is %s", found);
		return buf;
	}

	for (enum axis other = 0; other < AXIS_COUNT; other++) {
		if (!axis_has(other, name, len))
			continue;
		snprintf(buf, size, "%.*s is a %s", (int)len, name,
			 axis_word(other, false));
		return buf;
	}

	list_names(axis, buf, size);
	return buf;
}
