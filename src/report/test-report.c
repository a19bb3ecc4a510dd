/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Stored runs, rendered and compared with files that people have read.
 * GUPCHECK_UPDATE_GOLDEN=1 writes these files anew: read the difference before
 * it is committed. The tables are those of plan/test-tables.c.
 */

#include <errno.h>
#include <jansson.h>
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

static char *read_whole(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	if (getdelim(&text, &room, '\0', file) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(file);
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

static char *render(const char *journal, const char *format,
		    const struct report_options *options)
{
	const struct reporter *reporter = reporter_find(format);
	struct error error = {""};
	struct run *run = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_ptr_nonnull(reporter);
	ck_assert_msg(!journal_load(path_of(journal), &run, &error), "%s",
		      error.text);
	ck_assert_int_eq(reporter->render(out, run, options), 0);
	fclose(out);
	run_free(run);
	return text;
}

static const struct {
	const char *golden, *journal, *format;
	struct report_options options;
} vectors[] = {
	{"mixed.txt", "mixed.jsonl", "text", {false, 0, false}},
	{"mixed-color.txt", "mixed.jsonl", "text", {true, 0, false}},
	{"mixed-80.txt", "mixed.jsonl", "text", {false, 80, false}},
	{"mixed-40-strict.txt", "mixed.jsonl", "text", {false, 40, true}},
	{"mixed.ktap", "mixed.jsonl", "ktap", {false, 0, false}},
	{"mixed-strict.ktap", "mixed.jsonl", "ktap", {false, 0, true}},
	{"mixed.json", "mixed.jsonl", "json", {false, 0, false}},
	{"healthy.txt", "healthy.jsonl", "text", {false, 80, false}},
	{"healthy.ktap", "healthy.jsonl", "ktap", {false, 0, false}},
	{"skipped.txt", "skipped.jsonl", "text", {false, 80, false}},
	{"skipped.ktap", "skipped.jsonl", "ktap", {false, 0, false}},
	{"alike.txt", "alike.jsonl", "text", {false, 0, false}},
	{"alike.json", "alike.jsonl", "json", {false, 0, false}},
	{"mixed.tap", "mixed.jsonl", "tap", {false, 0, false}},
	{"mixed-strict.tap", "mixed.jsonl", "tap", {false, 0, true}},
	{"skipped.tap", "skipped.jsonl", "tap", {false, 0, false}},
	{"mixed.junit.xml", "mixed.jsonl", "junit", {false, 0, false}},
	{"mixed-strict.junit.xml", "mixed.jsonl", "junit", {false, 0, true}},
	{"mixed.kcidb.json", "mixed.jsonl", "kcidb", {false, 0, false}},
	{"mixed.lava", "mixed.jsonl", "lava", {false, 0, false}},
	{"mixed-strict.lava", "mixed.jsonl", "lava", {false, 0, true}},
	{"mixed.lava-kmsg", "mixed.jsonl", "lava-kmsg", {false, 0, false}},
	{"mixed.md", "mixed.jsonl", "markdown", {false, 0, false}},
	{"mixed-strict.md", "mixed.jsonl", "markdown", {false, 0, true}},
	{"healthy.md", "healthy.jsonl", "markdown", {false, 0, false}},
	{"mixed.mail", "mixed.jsonl", "mail", {false, 0, false}},
	{"healthy.mail", "healthy.jsonl", "mail", {false, 0, false}},
	{"skipped.mail", "skipped.jsonl", "mail", {false, 0, false}},
};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

START_TEST(reports_are_as_they_were_read)
{
	for (size_t i = 0; i < VECTORS; i++) {
		cleanup_free char *text =
			render(vectors[i].journal, vectors[i].format,
			       &vectors[i].options);

		assert_golden(vectors[i].golden, text);
	}
}
END_TEST

START_TEST(mixed_journal_holds_every_verdict)
{
	struct run *run = NULL;
	struct tally tally;

	ck_assert_int_eq(journal_load(path_of("mixed.jsonl"), &run, NULL), 0);
	run_tally(run, NULL, &tally);
	for (enum verdict i = 0; i < VERDICT_COUNT; i++)
		ck_assert_msg(tally.verdicts[i], "no cell is %s",
			      verdict_to_string(i));
	for (enum outcome i = 0; i < OUTCOME_COUNT; i++)
		ck_assert_msg(tally.outcomes[i], "no cell is %s",
			      outcome_to_string(i));
	ck_assert_int_eq(run_exit_code(run, false), 99);
	run_free(run);
}
END_TEST

START_TEST(plain_text_has_no_control_characters)
{
	for (size_t i = 0; i < VECTORS; i++) {
		cleanup_free char *text =
			render(vectors[i].journal, vectors[i].format,
			       &vectors[i].options);

		for (const char *at = text; *at; at++) {
			unsigned char byte = (unsigned char)*at;

			if (vectors[i].options.color && byte == '\033')
				continue;
			ck_assert_msg(
				byte == '\n' || (byte >= ' ' && byte != 0x7f),
				"%s: byte 0x%02x", vectors[i].golden, byte);
			ck_assert_msg(byte != ' ' || at[1] != '\n' ||
					      strcmp(vectors[i].format, "text"),
				      "%s: blank at the end of a line",
				      vectors[i].golden);
		}
	}
}
END_TEST

START_TEST(tables_keep_to_the_width)
{
	for (unsigned int width = 1; width < 160; width++) {
		struct report_options options = {false, width, false};
		cleanup_free char *text =
			render("mixed.jsonl", "text", &options);
		char *rest = strstr(text, "\nadmission\n");
		char *end = strstr(text, "\n! unexpected");
		char *line;

		ck_assert(rest && end);
		*end = '\0';
		while (width >= 40 && (line = strsep(&rest, "\n")))
			ck_assert_msg(
				strlen(line) <= width ||
					!strncmp(line, "refused with", 12),
				"width %u: '%s'", width, line);
	}
}
END_TEST

/* `ok N name [# DIRECTIVE text]`, N without gaps, one `#` at most. */
static void assert_ktap_line(const char *line, size_t number)
{
	char head[32];
	const char *hash;

	line += strncmp(line, "not ", 4) ? 0 : 4;
	snprintf(head, sizeof(head), "ok %zu ", number);
	ck_assert_msg(!strncmp(line, head, strlen(head)), "%s", line);
	hash = strchr(line, '#');
	if (!hash)
		return;
	ck_assert_msg(!strchr(hash + 1, '#'), "%s", line);
	ck_assert_msg(!strncmp(hash, "# SKIP ", 7) ||
			      !strncmp(hash, "# XFAIL ", 8) ||
			      !strncmp(hash, "# ERROR ", 8) ||
			      !strncmp(hash, "# TIMEOUT ", 10),
		      "%s", line);
}

START_TEST(ktap_can_be_parsed)
{
	struct report_options options = {false, 0, false};
	cleanup_free char *text = render("mixed.jsonl", "ktap", &options);
	char *rest = text, *line;
	size_t number = 0;

	ck_assert_str_eq(strsep(&rest, "\n"), "KTAP version 1");
	/* 30 cells, and the canary of one kernel */
	ck_assert_str_eq(strsep(&rest, "\n"), "1..31");
	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "# ", 2) || !strncmp(line, "Bail out!", 9) ||
		    (!*line && !rest))
			continue;
		assert_ktap_line(line, ++number);
	}
	ck_assert_uint_eq(number, 31);
}
END_TEST

START_TEST(json_has_the_documented_shape)
{
	static const char *const keys[] = {"id",      "kernel",	  "verdict",
					   "outcome", "errno",	  "reason",
					   "seconds", "evidence", "fingerprint",
					   "rule",    "image"};
	struct report_options options = {false, 0, false};
	cleanup_free char *text = render("mixed.jsonl", "json", &options);
	json_t *report = json_loads(text, 0, NULL);
	json_t *cells = json_object_get(report, "cells");
	json_t *cell;
	size_t i;

	ck_assert_uint_eq(json_object_size(report), 4);
	ck_assert_int_eq(json_integer_value(json_object_get(report, "schema")),
			 1);
	ck_assert_str_eq(json_string_value(json_object_get(report, "gupcheck")),
			 "0.1.0");
	ck_assert_uint_eq(json_array_size(cells), 30);
	json_array_foreach(cells, i, cell)
	{
		ck_assert_uint_eq(json_object_size(cell),
				  sizeof(keys) / sizeof(keys[0]));
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			ck_assert_ptr_nonnull(json_object_get(cell, keys[k]));
		ck_assert(json_is_array(json_object_get(cell, "evidence")));
		ck_assert(json_is_real(json_object_get(cell, "seconds")));
	}
	json_decref(report);
}
END_TEST

START_TEST(unknown_formats_are_none)
{
	ck_assert_ptr_null(reporter_find("yaml"));
	ck_assert_ptr_null(reporter_find(""));
	ck_assert_str_eq(reporter_find("json")->name, "json");
}
END_TEST

START_TEST(full_disk_is_an_error)
{
	struct report_options options = {false, 0, false};
	struct run *run = NULL;

	ck_assert_int_eq(journal_load(path_of("mixed.jsonl"), &run, NULL), 0);
	for (const struct reporter *it = reporters; it->name; it++) {
		FILE *out = fopen("/dev/full", "we");

		ck_assert_ptr_nonnull(out);
		setvbuf(out, NULL, _IONBF, 0);
		ck_assert_msg(it->render(out, run, &options) == -EIO, "%s",
			      it->name);
		fclose(out);
	}
	run_free(run);
}
END_TEST

UNIT_MAIN("report", reports_are_as_they_were_read,
	  mixed_journal_holds_every_verdict,
	  plain_text_has_no_control_characters, tables_keep_to_the_width,
	  ktap_can_be_parsed, json_has_the_documented_shape,
	  unknown_formats_are_none, full_disk_is_an_error)
