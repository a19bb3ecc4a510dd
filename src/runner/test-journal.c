/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "runner/test-scratch.h"

static void remove_folder(const char *below)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, below);
	ck_assert_int_eq(rmdir(path), 0);
}

static void remove_journal(const char *below)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s/%s", folder, below, JOURNAL_NAME);
	ck_assert_int_eq(unlink(path), 0);
	remove_folder(below);
}

START_TEST(what_is_appended_is_read_back)
{
	cleanup_free char *dir = NULL;
	struct journal *journal = NULL;
	struct error error = {""};
	struct run *run = NULL;

	scratch_file();
	ck_assert_int_gt(asprintf(&dir, "%s/deep/er/", folder), 0);
	ck_assert_msg(!journal_create(&journal, dir, &error), "%s", error.text);
	ck_assert_int_eq(
		journal_append(journal,
			       json_pack("{s:s,s:i,s:s,s:s}", "type", "begin",
					 "schema", 1, "gupcheck", "0", "kernel",
					 "6.1"),
			       true),
		0);
	ck_assert_int_eq(
		journal_append(journal,
			       json_pack("{s:s,s:s,s:o}", "type", "finish",
					 "kernel", "6.1", "reason",
					 journal_text("a\nb\xff#\xc3\xa9")),
			       false),
		0);
	ck_assert_int_eq(journal_append(journal, NULL, false), -ENOMEM);
	ck_assert_ptr_null(journal_close(journal));

	ck_assert_int_eq(journal_load(dir, &run, &error), 0);
	ck_assert_str_eq(run->kernels[0].finish_reason, "a\nb?#\xc3\xa9");
	ck_assert_ptr_null(run_free(run));

	ck_assert_int_eq(journal_create(&journal, dir, &error), -EEXIST);
	ck_assert_ptr_nonnull(strstr(error.text, "another folder"));
	remove_journal("deep/er");
	remove_folder("deep");
	remove_folder("");
}
END_TEST

START_TEST(a_line_that_does_not_fit_leaves_no_trace)
{
	const char *path = scratch_file();
	struct journal *journal = NULL;
	struct rlimit limit = {40, RLIM_INFINITY};
	struct stat st;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(journal_create(&journal, folder, NULL), 0);
	ck_assert_int_eq(
		journal_append(journal, json_pack("{s:s}", "k", "v"), true), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(
		journal_append(journal,
			       json_pack("{s:s}", "key",
					 "a line that is longer than the rest"),
			       true),
		-EFBIG);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, strlen("{\"k\":\"v\"}\n"));

	limit.rlim_cur = RLIM_INFINITY;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(
		journal_append(journal, json_pack("{s:s}", "k", "v"), true), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, 2 * strlen("{\"k\":\"v\"}\n"));
	journal_close(journal);
	scratch_remove(path);
}
END_TEST

START_TEST(folders_that_cannot_be_made_are_named)
{
	struct journal *journal = NULL;
	struct error error = {""};

	ck_assert_int_eq(journal_create(&journal, "/dev/null/x", &error),
			 -ENOTDIR);
	ck_assert_str_eq(error.text, "cannot create folder /dev/null/x: Not a "
				     "directory");
	ck_assert_int_lt(journal_create(&journal, "", NULL), 0);
	ck_assert_ptr_null(journal);
	ck_assert_ptr_null(journal_close(NULL));
}
END_TEST

#define RECORD "{\"type\":\"x\"}"

/* Makes the journal of @folder hold @text. */
static void write_journal(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "we");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

static void assert_file_is(const char *path, const char *expected)
{
	char text[256] = "";
	FILE *file = fopen(path, "re");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_lt(fread(text, 1, sizeof(text) - 1, file),
			  sizeof(text) - 1);
	fclose(file);
	ck_assert_str_eq(text, expected);
}

START_TEST(resumed_journals_are_mended)
{
	static const struct {
		const char *text;
		size_t len;
	} broken[] = {
		{RECORD "\n", 0},
		{RECORD, 0},
		{RECORD "\n{\"type\":", 0},
		{RECORD "\n\0\0\0\njunk\n\0", sizeof(RECORD) + 10},
	};
	const char *path = scratch_file();

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct journal *journal = NULL;
		struct error error = {""};
		struct run *run = NULL;

		write_journal(path, broken[i].text,
			      broken[i].len ? broken[i].len
					    : strlen(broken[i].text));
		ck_assert_msg(!journal_resume(&journal, folder, &run, &error),
			      "%zu: %s", i, error.text);
		ck_assert_ptr_null(run->command);
		ck_assert_int_eq(journal_append(journal,
						json_pack("{s:s}", "type", "y"),
						true),
				 0);
		ck_assert_int_eq(journal_failed(journal), 0);
		journal_close(journal);
		run_free(run);
		assert_file_is(path, RECORD "\n{\"type\":\"y\"}\n");
	}
	scratch_remove(path);
}
END_TEST

START_TEST(damaged_journals_are_left_alone)
{
	static const char text[] = "junk\n" RECORD "\n";
	const char *path = scratch_file();
	struct journal *journal = NULL;
	struct error error = {""};
	struct run *run = NULL;

	ck_assert_int_eq(journal_resume(&journal, folder, &run, &error),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(error.text, folder));
	error.text[0] = '\0';
	write_journal(path, text, strlen(text));
	ck_assert_int_eq(journal_resume(&journal, folder, &run, &error),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, ":1: bad line"));
	assert_file_is(path, text);
	ck_assert_ptr_null(run);
	scratch_remove(path);
}
END_TEST

START_TEST(a_journal_has_one_writer)
{
	const char *path = scratch_file();
	struct journal *journal = NULL, *other = NULL;
	struct error error = {""};
	struct run *run = NULL;

	ck_assert_int_eq(journal_create(&journal, folder, NULL), 0);
	ck_assert_int_eq(journal_resume(&other, folder, &run, &error), -EBUSY);
	ck_assert_ptr_nonnull(strstr(error.text, "another gupcheck"));
	journal_close(journal);
	ck_assert_int_eq(journal_resume(&other, folder, &run, NULL), 0);
	run_free(run);
	ck_assert_int_eq(journal_resume(&journal, folder, &run, NULL), -EBUSY);
	journal_close(other);
	scratch_remove(path);
}
END_TEST

static int sink_error;
static char sunk[64];

static int sink(void *arg, const char *line, size_t len)
{
	ck_assert_ptr_eq(arg, &sink_error);
	snprintf(sunk, sizeof(sunk), "%.*s", (int)len, line);
	return sink_error;
}

START_TEST(sinks_get_lines)
{
	struct journal *journal = NULL;

	ck_assert_int_eq(journal_create_sink(&journal, sink, &sink_error), 0);
	ck_assert_int_eq(journal_append(journal,
					json_pack("{s:i,s:s}", "b", 1, "a",
						  "\n\xc3\xa9"),
					true),
			 0);
	ck_assert_str_eq(sunk, "{\"b\":1,\"a\":\"\\n\\u00E9\"}");
	ck_assert_int_eq(
		journal_append(journal,
			       json_pack("[o,{s:o}]",
					 json_string_nocheck("\xff"), "k",
					 json_string_nocheck("a\xe2")),
			       true),
		0);
	ck_assert_str_eq(sunk, "[\"?\",{\"k\":\"a?\"}]");
	sink_error = -EPIPE;
	ck_assert_int_eq(journal_append(journal, json_object(), true), -EPIPE);
	sink_error = 0;
	ck_assert_int_eq(journal_append(journal, json_object(), true), 0);
	ck_assert_int_eq(journal_failed(journal), -EPIPE);
	journal_close(journal);
}
END_TEST

START_TEST(any_bytes_make_a_string)
{
	static const char *const vectors[][2] = {
		{"", ""},
		{"plain", "plain"},
		{"\xff\xfe", "??"},
		{"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		 "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
		{"cut \xe2\x82", "cut ??"},
		{"overlong \xc0\xaf \xe0\x80\xaf", "overlong ?? ???"},
		{"surrogate \xed\xa0\x80", "surrogate ???"},
		{"beyond \xf4\x90\x80\x80 \xf5\x80\x80\x80",
		 "beyond ???? ????"},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		json_t *text = journal_text(vectors[i][0]);

		ck_assert_ptr_nonnull(text);
		ck_assert_str_eq(json_string_value(text), vectors[i][1]);
		json_decref(text);
	}
}
END_TEST

UNIT_MAIN("journal", what_is_appended_is_read_back,
	  a_line_that_does_not_fit_leaves_no_trace,
	  folders_that_cannot_be_made_are_named, resumed_journals_are_mended,
	  damaged_journals_are_left_alone, a_journal_has_one_writer,
	  sinks_get_lines, any_bytes_make_a_string)
