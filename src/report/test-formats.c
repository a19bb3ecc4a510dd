/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * What formats for other programs have in common, and that no byte which a
 * kernel may write gets through any of them. tests/formats.t has the programs.
 */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "report/escape.h"
#include "report/exit-style.h"
#include "report/kcidb-issue.h"
#include "report/print.h"
#include "report/report.h"
#include "report/results.h"
#include "runner/journal.h"
#include "runner/json-text.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* What escape functions make of a text; to be freed. */
static char *escaped(void (*escape)(FILE *out, const char *text),
		     const char *text)
{
	char *seen = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&seen, &size);

	ck_assert_ptr_nonnull(out);
	escape(out, text);
	fclose(out);
	return seen;
}

static void attribute(FILE *out, const char *text)
{
	escape_xml_attribute(out, "a", text);
}

START_TEST(nothing_breaks_out_of_markup)
{
	static const struct {
		void (*escape)(FILE *out, const char *text);
		const char *text, *expected;
	} vectors[] = {
		{escape_xml, "a]]>b", "a]]&gt;b"},
		{escape_xml, "<&\">", "&lt;&amp;&quot;&gt;"},
		{escape_xml, "1\n2\r\n3\t4", "1\n2\n3 4"},
		{escape_xml, "\x01\x1b[m\x7f", "\\x01\\x1b[m\\x7f"},
		{escape_xml, "\xff\xc3(\xe2\x82", "\\xff\\xc3(\\xe2\\x82"},
		{escape_xml, "\xc2\x9b\xc3\xa9", "\\x9b\xc3\xa9"},
		{escape_xml, "\xef\xbf\xbe\xef\xbf\xbf", "\\uFFFE\\uFFFF"},
		{escape_xml, "\xed\xa0\x80", "\\xed\\xa0\\x80"},
		{attribute, "1\n2\"]]>", " a=\"1 2&quot;]]&gt;\""},
		{escape_markdown, "a|b`c`", "a\\|b\\`c\\`"},
		{escape_markdown, "<b>*x*_y_", "\\<b\\>\\*x\\*\\_y\\_"},
		{escape_markdown, "1\n# 2\r\n", "1 \\# 2 "},
		{escape_markdown, "\x1b\xff\\", "\\x1b\\xff\\\\"},
		{escape_markdown, "(https://a.org/b_c-d).",
		 "\\(<https://a.org/b_c-d>\\)."},
		{escape_markdown, "https://a.org/x.", "<https://a.org/x>."},
		{escape_markdown, "https://", "https://"},
		{escape_markdown, "javascript:x https:/",
		 "javascript:x https:/"},
		{print_line, "a\xff\x80z\xc0\xafq", "a\\xff\\x80z\\xc0\\xafq"},
		{print_line, "\xf4\x90\x80\x80 \xf0\x9f\x98\x80",
		 "\\xf4\\x90\\x80\\x80 \xf0\x9f\x98\x80"},
	};

	for (size_t i = 0; i < LENGTH(vectors); i++) {
		cleanup_free char *seen =
			escaped(vectors[i].escape, vectors[i].text);

		ck_assert_str_eq(seen, vectors[i].expected);
	}
}
END_TEST

START_TEST(exit_styles_are_as_documented)
{
	static const struct {
		const char *style;
		int codes[5]; /* of 0 1 2 77 99 */
	} vectors[] = {
		{"automake", {0, 1, 2, 77, 99}},
		{"kselftest", {0, 1, 1, 4, 1}},
		{"tap", {0, 1, 2, 0, 1}},
	};
	static const int codes[] = {0, 1, 2, 77, 99};

	ck_assert_str_eq(exit_styles[0].name, "automake");
	ck_assert_ptr_null(exit_style_find("bisect"));
	ck_assert_ptr_null(exit_style_find(""));
	for (size_t i = 0; i < LENGTH(vectors); i++) {
		const struct exit_style *style =
			exit_style_find(vectors[i].style);

		ck_assert_ptr_nonnull(style);
		for (size_t k = 0; k < LENGTH(codes); k++)
			ck_assert_int_eq(exit_style_code(style, codes[k]),
					 vectors[i].codes[k]);
		ck_assert_int_eq(exit_style_code(style, 128 + 15), 143);
	}
}
END_TEST

START_TEST(times_that_cannot_be_read_are_none)
{
	ck_assert(time_is_rfc3339("2025-06-01T10:00:00Z"));
	ck_assert(time_is_rfc3339("2025-06-01T10:00:00+02:00"));
	ck_assert(!time_is_rfc3339(NULL));
	ck_assert(!time_is_rfc3339(""));
	ck_assert(!time_is_rfc3339("2025-06-01T10:00:00"));
	ck_assert(!time_is_rfc3339("2025-06-01 10:00:00Z"));
	ck_assert(!time_is_rfc3339("2025-06-01T10:00:00Zulu"));
	ck_assert(!time_is_rfc3339("2025-06-01T10:00:00+0200"));
	ck_assert(!time_is_rfc3339("2025-06-01T10:00:00+02:0x"));
}
END_TEST

START_TEST(fingerprints_outlive_a_boot)
{
	static const struct {
		const char *reason, *expected;
	} vectors[] = {
		{"WARNING: CPU: 1 PID: 7 at ext4_dirty_folio+0x8a/0xa0",
		 "ext4_dirty_folio"},
		{"RIP: 0010:do_x.isra.0+0x1/0x2 more", "do_x.isra.0"},
		{"+0x8a", "+xa"},
		{"hung for 20 s", "hung for  s"},
		{"", ""},
	};

	for (size_t i = 0; i < LENGTH(vectors); i++) {
		cleanup_free char *seen = kcidb_fingerprint(vectors[i].reason);

		ck_assert_str_eq(seen, vectors[i].expected);
	}
}
END_TEST

/* These runs own nothing, and nobody writes to them. */
static char *borrow(const char *text)
{
	return (char *)text;
}

/* Bytes that a kernel may write, and that are not fit for anything. */
static const char poison[] = "\x01\x02\x07\x08\x0b\x0c\x0e\x1b[31m\x1f\x7f "
			     "\xff\xfe\x80\xc3( \xc0\xaf \xed\xa0\x80 "
			     "\xf4\x90\x80\x80 \xc2\x9b \xef\xbf\xbf "
			     "]]> <x> & \" ' ` | # \\ \r\n1..3\nok 1\n<\xe2";

static json_t *poisoned(const char *type, const char *id)
{
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:n, s:o, s:f, s:[o, o], s:[o], "
		"s:[], s:o}",
		"type", type, "kernel", "6.1", "id", id, "verdict", "oops",
		"outcome", "known-issue", "errno", "reason",
		journal_text(poison), "seconds", 1.0, "evidence",
		journal_text(poison), journal_text(""), "log",
		journal_text(poison), "facts", "rule", journal_text(poison));
}

/* The way of a kernel message: through the journal that the runner writes. */
static struct run *poisoned_run(void)
{
	char dir[] = "/tmp/gupcheck-formats-XXXXXX", path[PATH_MAX];
	struct error error = {""};
	struct journal *journal;
	struct run *run = NULL;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(journal_create(&journal, dir, &error), 0);
	journal_append(journal,
		       json_pack("{s:s, s:i, s:s, s:s}", "type", "begin",
				 "schema", 1, "gupcheck", "0.1.0", "kernel",
				 "6.1"),
		       false);
	journal_append(journal, poisoned("end", "a/b/c"), false);
	journal_append(journal, poisoned("end", "a/b/d"), false);
	ck_assert_int_eq(journal_failed(journal), 0);
	journal_close(journal);
	ck_assert_msg(!journal_load(dir, &run, &error), "%s", error.text);
	snprintf(path, sizeof(path), "%s/" JOURNAL_NAME, dir);
	unlink(path);
	rmdir(dir);
	return run;
}

static char *render(const struct reporter *reporter, const struct run *run)
{
	const struct report_options options = {.strict = false};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_msg(!reporter->render(out, run, &options), "%s",
		      reporter->name);
	fclose(out);
	ck_assert_uint_eq(strlen(text), size);
	return text;
}

static void assert_clean(const char *format, const char *text)
{
	while (*text) {
		const unsigned char *at = (const unsigned char *)text;
		size_t length = utf8_length(at);

		ck_assert_msg(length, "%s: not UTF-8: 0x%02x", format, *at);
		ck_assert_msg(*at >= ' ' || *at == '\n', "%s: byte 0x%02x",
			      format, *at);
		ck_assert_msg(*at != 0xc2 || at[1] >= 0xa0, "%s: byte 0x%02x",
			      format, at[1]);
		text += length;
	}
}

START_TEST(what_a_kernel_writes_breaks_no_format)
{
	struct run *run = poisoned_run();

	for (const struct reporter *it = reporters; it->name; it++) {
		cleanup_free char *text = render(it, run);
		cleanup_free char *again = render(it, run);

		ck_assert_str_eq(text, again);
		/* that page has tabs of its own */
		if (strcmp(it->name, "html") != 0)
			assert_clean(it->name, text);
	}
	run_free(run);
}
END_TEST

/* No journal has that, but a report is not what finds out. */
START_TEST(bytes_in_memory_break_no_format)
{
	char *evidence[] = {borrow(poison)};
	struct record record = {
		.id = borrow(poison),
		.kernel = borrow("6.1"),
		.started = true,
		.finished = true,
		.verdict = VERDICT_OOPS,
		.outcome = OUTCOME_UNEXPECTED,
		.error = borrow(poison),
		.reason = borrow(poison),
		.rule = borrow(poison),
		.evidence = evidence,
		.evidence_count = 1,
		.log = evidence,
		.log_count = 1,
	};
	static const char *const formats[] = {
		"ktap", "tap",	     "junit",	 "json", "kcidb",
		"lava", "lava-kmsg", "markdown", "mail",
	};
	struct run_kernel kernel = {
		.release = borrow("6.1"),
		.canary_seen = true,
		.canary = VERDICT_SAFE,
		.canary_reason = borrow(poison),
	};
	const struct run run = {
		.version = borrow("0"),
		.kernels = &kernel,
		.kernel_count = 1,
		.records = &record,
		.record_count = 1,
	};

	for (size_t i = 0; i < LENGTH(formats); i++) {
		cleanup_free char *text =
			render(reporter_find(formats[i]), &run);

		assert_clean(formats[i], text);
	}
}
END_TEST

UNIT_MAIN("formats", nothing_breaks_out_of_markup,
	  exit_styles_are_as_documented, times_that_cannot_be_read_are_none,
	  fingerprints_outlive_a_boot, what_a_kernel_writes_breaks_no_format,
	  bytes_in_memory_break_no_format)
