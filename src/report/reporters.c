/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/reporters.h"

const struct reporter reporters[] = {
	{"text", "tables and findings for people", report_text},
	{"ktap", "KTAP version 1, one line per cell", report_ktap},
	{"json", "one object, for other programs", report_json},
	{NULL},
};

const struct reporter *reporter_find(const char *name)
{
	for (const struct reporter *reporter = reporters; reporter->name;
	     reporter++)
		if (!strcmp(reporter->name, name))
			return reporter;
	return NULL;
}
