/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Stored runs compared, as files that people have read.
 * GUPCHECK_UPDATE_GOLDEN=1 writes these files anew: read the difference before
 * it is committed. The tables are those of plan/test-tables.c.
 */

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "report/compare.h"
#include "runner/journal.h"

#ifndef TESTDATA
#define TESTDATA "src"
#endif

/** struct vector - @old, @new: journal:RELEASE */
struct vector {
	const char *golden, *old, *new, *format;
	struct report_options options;
};

static const struct vector vectors[] = {
	{"compare-worse.txt",
	 "mixed.jsonl:6.12",
	 "mixed.jsonl:6.1",
	 "text",
	 {false, 0, false}},
	{"compare-color.txt",
	 "mixed.jsonl:6.12",
	 "mixed.jsonl:6.1",
	 "text",
	 {true, 0, true}},
	{"compare-better.txt",
	 "mixed.jsonl:6.1",
	 "mixed.jsonl:6.12",
	 "text",
	 {false, 0, false}},
	{"compare-worse.mail",
	 "mixed.jsonl:6.12",
	 "mixed.jsonl:6.1",
	 "mail",
	 {false, 0, false}},
	{"compare-patched.txt",
	 "healthy.jsonl:6",
	 "patched.jsonl:7",
	 "text",
	 {false, 0, false}},
	{"compare-patched.mail",
	 "healthy.jsonl:6",
	 "patched.jsonl:7",
	 "mail",
	 {false, 0, false}},
	{"compare-patched-strict.mail",
	 "healthy.jsonl:6",
	 "patched.jsonl:7",
	 "mail",
	 {false, 0, true}},
	{"compare-patched.json",
	 "healthy.jsonl:6",
	 "patched.jsonl:7",
	 "json",
	 {false, 0, false}},
	{"compare-same.txt",
	 "healthy.jsonl:6",
	 "healthy.jsonl:6",
	 "text",
	 {false, 0, false}},
	{"compare-same.mail",
	 "healthy.jsonl:6",
	 "healthy.jsonl:6",
	 "mail",
	 {false, 0, false}},
};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static const char *path_of(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), TESTDATA "/report/testdata/%s", name);
	return path;
}

static struct run *load(const char *name, struct run_side *ret)
{
	cleanup_free char *journal = strdup(name);
	struct error error = {""};
	struct run *run = NULL;
	char *release = journal;

	strsep(&release, ":");
	ck_assert_msg(!journal_load(path_of(journal), &run, &error), "%s",
		      error.text);
	*ret = (struct run_side){.name = name, .run = run};
	ck_assert_msg(
		!run_pick_kernel(run, release, name, &ret->kernel, &error),
		"%s", error.text);
	return run;
}

static char *render(const struct vector *vector)
{
	struct run_side old, new;
	struct run *old_run = load(vector->old, &old);
	struct run *new_run = load(vector->new, &new);
	struct comparison comparison;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(comparison_make(&old, &new, &comparison), 0);
	ck_assert_int_eq(comparer_find(vector->format)
				 ->render(out, &comparison, &vector->options),
			 0);
	fclose(out);
	comparison_done(&comparison);
	run_free(old_run);
	run_free(new_run);
	return text;
}

static char *read_whole(const char *path)
{
	cleanup_fclose FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	ck_assert_int_gt(getdelim(&text, &room, '\0', file), 0);
	return text;
}

static void assert_golden(const char *name, const char *text)
{
	const char *path = path_of(name);
	cleanup_free char *expected = NULL;

	if (getenv("GUPCHECK_UPDATE_GOLDEN")) {
		FILE *file = fopen(path, "we");

		ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
		ck_assert_int_ge(fputs(text, file), 0);
		ck_assert_int_eq(fclose(file), 0);
	}
	expected = read_whole(path);
	ck_assert_msg(!strcmp(text, expected), "%s differs from:\n%.3000s",
		      path, text);
}

START_TEST(comparisons_are_as_they_were_read)
{
	for (size_t i = 0; i < VECTORS; i++) {
		cleanup_free char *text = render(&vectors[i]);

		assert_golden(vectors[i].golden, text);
	}
}
END_TEST

START_TEST(plain_text_has_no_control_characters)
{
	for (size_t i = 0; i < VECTORS; i++) {
		cleanup_free char *text = render(&vectors[i]);

		for (const char *at = text; *at; at++) {
			unsigned char byte = (unsigned char)*at;

			if (vectors[i].options.color && byte == '\033')
				continue;
			ck_assert_msg(
				byte == '\n' || (byte >= ' ' && byte != 0x7f),
				"%s: byte 0x%02x", vectors[i].golden, byte);
			ck_assert_msg(byte != ' ' || at[1] != '\n',
				      "%s: blank at the end of a line",
				      vectors[i].golden);
		}
	}
}
END_TEST

/* All but quoted evidence, and ids that are longer themselves. */
START_TEST(mails_are_narrow)
{
	for (size_t i = 0; i < VECTORS; i++) {
		cleanup_free char *text = NULL;
		char *rest, *line;

		if (strcmp(vectors[i].format, "mail"))
			continue;
		rest = text = render(&vectors[i]);
		while ((line = strsep(&rest, "\n")))
			ck_assert_msg(strlen(line) <= 72 ||
					      !strncmp(line, "  | ", 4),
				      "%s: %s", vectors[i].golden, line);
	}
}
END_TEST

START_TEST(json_has_the_documented_shape)
{
	static const char *const keys[] = {"schema", "gupcheck", "strict",
					   "exit",   "old",	 "new",
					   "counts", "cells"};
	static const char *const cell_keys[] = {
		"id", "change", "known_issue", "why", "old", "new", "command"};
	struct vector vector = vectors[0];
	cleanup_free char *text = NULL;
	json_t *report, *cell;
	size_t i;

	vector.format = "json";
	text = render(&vector);
	report = json_loads(text, 0, NULL);
	ck_assert_uint_eq(json_object_size(report), 8);
	for (size_t k = 0; k < 8; k++)
		ck_assert_ptr_nonnull(json_object_get(report, keys[k]));
	ck_assert_int_eq(json_integer_value(json_object_get(report, "schema")),
			 1);
	ck_assert_int_eq(json_integer_value(json_object_get(report, "exit")),
			 99);
	json_array_foreach(json_object_get(report, "cells"), i, cell)
	{
		ck_assert_uint_eq(json_object_size(cell), 7);
		for (size_t k = 0; k < 7; k++)
			ck_assert_ptr_nonnull(
				json_object_get(cell, cell_keys[k]));
	}
	ck_assert_uint_gt(i, 0);
	json_decref(report);
}
END_TEST

START_TEST(unknown_formats_are_none)
{
	ck_assert_ptr_null(comparer_find("ktap"));
	ck_assert_ptr_null(comparer_find(""));
	ck_assert_ptr_nonnull(comparer_find("mail"));
}
END_TEST

START_TEST(full_disk_is_an_error)
{
	for (const struct comparer *at = comparers; at->name; at++) {
		struct report_options options = {false, 0, false};
		struct run_side old, new;
		struct run *old_run = load("mixed.jsonl:6.1", &old);
		struct run *new_run = load("mixed.jsonl:6.12", &new);
		struct comparison comparison;
		FILE *out = fopen("/dev/full", "we");

		ck_assert_ptr_nonnull(out);
		setvbuf(out, NULL, _IONBF, 0);
		ck_assert_int_eq(comparison_make(&old, &new, &comparison), 0);
		ck_assert_int_lt(at->render(out, &comparison, &options), 0);
		comparison_done(&comparison);
		fclose(out);
		run_free(old_run);
		run_free(new_run);
	}
}
END_TEST

UNIT_MAIN("compare", comparisons_are_as_they_were_read,
	  plain_text_has_no_control_characters, mails_are_narrow,
	  json_has_the_documented_shape, unknown_formats_are_none,
	  full_disk_is_an_error)
