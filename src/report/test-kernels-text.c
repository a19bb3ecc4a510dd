/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Several kernels side by side, as they are printed, against files that people
 * have read: see test-report.c.
 */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "report/report.h"
#include "runner/journal.h"

#ifndef TESTDATA
#define TESTDATA "src"
#endif

static const char *path_of(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), TESTDATA "/report/testdata/%s", name);
	return path;
}

static struct run *load(const char *name)
{
	struct error error = {""};
	struct run *run = NULL;

	ck_assert_msg(!journal_load(path_of(name), &run, &error), "%s",
		      error.text);
	return run;
}

static char *render(const char *journal, const char *format,
		    const struct report_options *options)
{
	const struct reporter *reporter = reporter_find(format);
	struct run *run = load(journal);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(reporter);
	ck_assert_int_eq(reporter->render(out, run, options), 0);
	fclose(out);
	run_free(run);
	return text;
}

static void assert_golden(const char *name, const char *text)
{
	cleanup_fclose FILE *file = NULL;
	cleanup_free char *expected = NULL;
	size_t room = 0;

	if (getenv("GUPCHECK_UPDATE_GOLDEN")) {
		FILE *new = fopen(path_of(name), "we");

		ck_assert_msg(new != NULL, "%s: %s", name, strerror(errno));
		ck_assert_int_ge(fputs(text, new), 0);
		ck_assert_int_eq(fclose(new), 0);
	}
	file = fopen(path_of(name), "re");
	ck_assert_msg(file != NULL, "%s: %s", name, strerror(errno));
	ck_assert_int_gt(getdelim(&expected, &room, '\0', file), 0);
	ck_assert_msg(!strcmp(text, expected), "%s differs from:\n%.3000s",
		      name, text);
}

static const struct {
	const char *golden, *journal, *format;
	struct report_options options;
} vectors[] = {
	{"kernels.txt", "kernels.jsonl", "kernels", {false, 0, false}},
	{"kernels-80.txt", "kernels.jsonl", "kernels", {false, 80, false}},
	{"kernels-color.txt", "kernels.jsonl", "kernels", {true, 0, true}},
	{"kernels-report.txt", "kernels.jsonl", "text", {false, 100, false}},
	{"kernels.md", "kernels.jsonl", "kernels-markdown", {false, 0, false}},
	{"kernels-mixed.txt", "mixed.jsonl", "kernels", {false, 0, false}},
	{"kernels-one.txt", "skipped.jsonl", "kernels", {false, 0, false}},
};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

START_TEST(kernels_are_as_they_were_read)
{
	for (size_t i = 0; i < VECTORS; i++) {
		cleanup_free char *text =
			render(vectors[i].journal, vectors[i].format,
			       &vectors[i].options);

		assert_golden(vectors[i].golden, text);
		ck_assert_msg(!strstr(text, " \n"),
			      "%s: blank at the end of a line",
			      vectors[i].golden);
	}
}
END_TEST

START_TEST(tables_keep_to_the_width)
{
	for (unsigned int width = 60; width < 160; width++) {
		struct report_options options = {false, width, false};
		cleanup_free char *text =
			render("kernels.jsonl", "text", &options);
		char *rest = strstr(text, "\nKERNELS:");
		char *end = strstr(text, "\nFIRST REFUSED BY");
		char *line;

		ck_assert(rest && end);
		*end = '\0';
		while ((line = strsep(&rest, "\n")))
			ck_assert_msg(strlen(line) <= width, "width %u: '%s'",
				      width, line);
	}
}
END_TEST

/* Each line of a table has as many bars as the one above it. */
START_TEST(markdown_tables_are_whole)
{
	struct report_options options = {false, 0, false};
	cleanup_free char *text =
		render("kernels.jsonl", "kernels-markdown", &options);
	char *rest = text, *line;
	size_t above = 0;

	while ((line = strsep(&rest, "\n"))) {
		size_t bars = 0;

		for (const char *at = line; *at; at++)
			bars += *at == '|' && (at == line || at[-1] != '\\');
		ck_assert_msg(!above || !bars || bars == above, "%s", line);
		ck_assert_msg(!bars || line[0] == '|', "%s", line);
		above = bars;
	}
}
END_TEST

START_TEST(one_kernel_has_no_section)
{
	struct report_options options = {false, 80, false};
	cleanup_free char *text = render("skipped.jsonl", "text", &options);

	ck_assert_ptr_null(strstr(text, "KERNELS:"));
	ck_assert_ptr_null(strstr(text, "FIRST REFUSED"));
}
END_TEST

UNIT_MAIN("kernels-text", kernels_are_as_they_were_read,
	  tables_keep_to_the_width, markdown_tables_are_whole,
	  one_kernel_has_no_section)
