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
#include <unistd.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "report/compare.h"
#include "runner/sides.h"

#ifndef TESTDATA
#define TESTDATA "src"
#endif

/** struct vector - @old, @new: sides; @decoded: with what stands in places */
struct vector {
	const char *golden, *old, *new, *format;
	struct report_options options;
	bool decoded;
};

#define REPEATS(side)                                                  \
	"repeat-" side "-1.jsonl,repeat-" side "-2.jsonl,repeat-" side \
	"-3.jsonl"

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
	{"compare-repeats.txt",
	 REPEATS("old"),
	 REPEATS("new"),
	 "text",
	 {false, 0, false}},
	{"compare-repeats.mail",
	 REPEATS("old"),
	 REPEATS("new"),
	 "mail",
	 {false, 0, false}},
	{"compare-repeats.json",
	 REPEATS("old"),
	 REPEATS("new"),
	 "json",
	 {false, 0, false},
	 true},
	{"compare-decoded.txt",
	 "repeat-old-1.jsonl",
	 "repeat-new-2.jsonl",
	 "text",
	 {false, 0, false},
	 true},
	{"compare-decoded.mail",
	 "repeat-old-1.jsonl",
	 "repeat-new-2.jsonl",
	 "mail",
	 {false, 0, false},
	 true},
};

/* As if a vmlinux had told */
static char dirty[] = "ext4_dirty_folio+0x28/0x30",
	    unpin[] = "unpin_user_pages_dirty_lock+0x140/0x170",
	    unpin_name[] = "unpin_user_pages_dirty_lock",
	    dirty_name[] = "ext4_dirty_folio",
	    inlined_name[] = "folio_set_dirty",
	    dirty_where[] = "fs/ext4/inode.c:3664",
	    unpin_where[] = "mm/gup.c:412",
	    inlined_where[] = "include/linux/mm.h:99";
static struct place_line dirty_lines[] = {{dirty_name, dirty_where}},
			 unpin_lines[] = {{unpin_name, unpin_where},
					  {inlined_name, inlined_where}};
static struct place place_table[] = {
	{.symbol = dirty, .lines = dirty_lines, .count = 1},
	{.symbol = unpin, .back = true, .lines = unpin_lines, .count = 2},
};
static const struct places places = {place_table, 2};

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static const char *path_of(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), TESTDATA "/report/testdata/%s", name);
	return path;
}

/* The names of the sides are the user's, and stand in the text */
static void load(const char *name, struct stored_side *ret)
{
	struct error error = {""};

	ck_assert_int_eq(chdir(TESTDATA "/report/testdata"), 0);
	ck_assert_msg(!side_load(name, ret, &error), "%s", error.text);
}

static char *render(const struct vector *vector)
{
	struct stored_side old, new;
	struct comparison comparison;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	load(vector->old, &old);
	load(vector->new, &new);
	ck_assert_int_eq(comparison_make(&old.side, &new.side, &comparison), 0);
	if (vector->decoded)
		comparison.places = &places;
	ck_assert_int_eq(comparer_find(vector->format)
				 ->render(out, &comparison, &vector->options),
			 0);
	fclose(out);
	comparison_done(&comparison);
	side_done(&old);
	side_done(&new);
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
	static const char *const keys[] = {"schema", "gupcheck",    "strict",
					   "exit",   "old",	    "new",
					   "counts", "not_decoded", "cells"};
	static const char *const cell_keys[] = {"id",	"change", "known_issue",
						"why",	"old",	  "new",
						"runs", "stack",  "command"};
	struct vector vector = vectors[0];
	cleanup_free char *text = NULL;
	json_t *report, *cell;
	size_t i;

	vector.format = "json";
	text = render(&vector);
	report = json_loads(text, 0, NULL);
	ck_assert_uint_eq(json_object_size(report), 9);
	for (size_t k = 0; k < 9; k++)
		ck_assert_ptr_nonnull(json_object_get(report, keys[k]));
	ck_assert_int_eq(json_integer_value(json_object_get(report, "schema")),
			 1);
	ck_assert_int_eq(json_integer_value(json_object_get(report, "exit")),
			 99);
	json_array_foreach(json_object_get(report, "cells"), i, cell)
	{
		ck_assert_uint_eq(json_object_size(cell), 9);
		for (size_t k = 0; k < 9; k++)
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
		struct stored_side old, new;
		struct comparison comparison;
		FILE *out = fopen("/dev/full", "we");

		ck_assert_ptr_nonnull(out);
		setvbuf(out, NULL, _IONBF, 0);
		load("mixed.jsonl:6.1", &old);
		load("mixed.jsonl:6.12", &new);
		ck_assert_int_eq(
			comparison_make(&old.side, &new.side, &comparison), 0);
		ck_assert_int_lt(at->render(out, &comparison, &options), 0);
		comparison_done(&comparison);
		fclose(out);
		side_done(&old);
		side_done(&new);
	}
}
END_TEST

/* What a journal holds is for a shell to read, and must not be obeyed. */
START_TEST(words_of_commands)
{
	static const struct {
		const char *word, *text;
	} words[] = {
		{"6.1.0-50-amd64", "6.1.0-50-amd64"},
		{"a/b/c@d", "a/b/c@d"},
		{"", "''"},
		{"a b", "'a b'"},
		{"*", "'*'"},
		{"~", "'~'"},
		{"$(reboot)", "'$(reboot)'"},
		{"it's", "'it'\\''s'"},
		{"\033[1m", "'\\x1b[1m'"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		cleanup_free char *text = NULL;
		size_t size = 0;
		struct command_line line = {
			.out = open_memstream(&text, &size)};

		command_line_add(&line, words[i].word);
		fclose(line.out);
		ck_assert_str_eq(text, words[i].text);
	}
}
END_TEST

START_TEST(commands_are_cut_between_words)
{
	cleanup_free char *text = NULL;
	size_t size = 0;
	struct command_line line = {.out = open_memstream(&text, &size),
				    .columns = 16,
				    .indent = 2};

	command_line_add(&line, "gupcheck");
	command_line_add(&line, "vm");
	command_line_add(&line, "--kernel");
	command_line_add(&line, "longer_than_a_whole_line");
	command_line_add(&line, "x");
	fclose(line.out);
	ck_assert_str_eq(text, "gupcheck vm \\\n      --kernel \\\n      "
			       "longer_than_a_whole_line \\\n      x");
}
END_TEST

UNIT_MAIN("compare", comparisons_are_as_they_were_read,
	  plain_text_has_no_control_characters, mails_are_narrow,
	  json_has_the_documented_shape, unknown_formats_are_none,
	  full_disk_is_an_error, words_of_commands,
	  commands_are_cut_between_words)
