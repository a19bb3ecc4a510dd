/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/reporters.h"

const struct reporter reporters[] = {
	{"text", "tables and findings for people", report_text},
	{"ktap", "KTAP version 1, one line per cell", report_ktap},
	{"tap", "TAP 13, for meson, prove and automake", report_tap},
	{"junit", "JUnit XML, for Jenkins and GitLab", report_junit},
	{"json", "one object, for other programs", report_json},
	{"kcidb", "KCIDB I/O 5.3, for databases of kernel CI", report_kcidb},
	{"lava", "signals of LAVA", report_lava},
	{"lava-kmsg", "the same as lines for /dev/kmsg", report_lava_kmsg},
	{"markdown", "a page for the summary of a CI job", report_markdown},
	{"mail", "plain text for a mailing list", report_mail},
	{"html", "one page, for a browser", report_html},
	{"kernels", "several kernels side by side", report_kernels},
	{"kernels-markdown", "the same as Markdown tables",
	 report_kernels_markdown},
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
