/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/sections.h"

const struct section sections[] = {
	{"Not to be trusted", "not to be trusted", "not to be trusted",
	 1 << RESULT_UNTRUSTED, false, false},
	{"Unexpected", "unexpected", "unexpected", 1 << RESULT_FAIL, true,
	 true},
	{"No verdict", "without a verdict", "without a verdict",
	 1 << RESULT_BROKEN | 1 << RESULT_HUNG | 1 << RESULT_VANISHED, true,
	 true},
	{"Not run", "not run", "not run", 1 << RESULT_NOT_RUN, false, false},
	{"Known issues", "known issue", "known issues", 1 << RESULT_KNOWN, true,
	 false},
	{"Fixed, the rule can go", "fixed", "fixed", 1 << RESULT_FIXED, true,
	 false},
	{"As expected", "as expected", "as expected", 1 << RESULT_PASS, false,
	 false},
	{"Skipped", "skipped", "skipped", 1 << RESULT_SKIP, false, false},
	{NULL},
};

bool section_has(const struct section *section,
		 const struct result_entry *entry)
{
	return section->results & 1U << entry->result;
}

bool section_is_empty(const struct section *section,
		      const struct results *results)
{
	for (size_t i = 0; i < results->count; i++)
		if (section_has(section, &results->list[i]))
			return false;
	return true;
}

size_t section_count(const struct section *section,
		     const struct results *results,
		     const struct run_kernel *kernel)
{
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++)
		count += results->list[i].record &&
			 section_has(section, &results->list[i]) &&
			 (!kernel || results->list[i].kernel == kernel);
	return count;
}

void sections_headline(FILE *out, const struct results *results)
{
	bool begun = false;

	for (const struct section *at = sections; at->title; at++) {
		size_t count = section_count(at, results, NULL);

		if (!count)
			continue;
		fprintf(out, "%s%zu %s", begun ? ", " : "", count,
			count == 1 ? at->one : at->many);
		begun = true;
	}
	if (!begun)
		fputs("no cell was planned", out);
}
