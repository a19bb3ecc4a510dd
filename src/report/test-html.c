/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The page as text: what a browser is given. How it looks and works there is
 * tested by tests/html.t. The tables are those of plan/test-tables.c.
 */

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "report/html.h"
#include "runner/journal.h"

#define DATA "<script type=\"application/json\" id=\"data\">"
#define HOSTILE "</script><script>alert(1)</script><!--]]>&\033[31m\x9b\xff\"'"
#define HOSTILE_SHOWN \
	"</script><script>alert(1)</script><!--]]>&\\x1b[31m\\x9b\\xff\"'"

static char *render(const struct run *run)
{
	struct report_options options = {.strict = false};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(report_html(out, run, &options), 0);
	fclose(out);
	ck_assert_uint_eq(strlen(text), size);
	return text;
}

static struct run *load(const char *journal)
{
	char path[PATH_MAX];
	struct error error = {""};
	struct run *run = NULL;

	snprintf(path, sizeof(path), TESTDATA "/report/testdata/%s", journal);
	ck_assert_msg(!journal_load(path, &run, &error), "%s", error.text);
	return run;
}

/* The object in the page. */
static json_t *data_of(const char *page)
{
	const char *begin = strstr(page, DATA);
	const char *end;
	json_t *data;

	ck_assert_ptr_nonnull(begin);
	begin += strlen(DATA);
	end = strstr(begin, "</script>");
	ck_assert_ptr_nonnull(end);
	data = json_loadb(begin, (size_t)(end - begin), 0, NULL);
	ck_assert(json_is_object(data));
	return data;
}

static const json_t *at(const json_t *array, json_int_t index)
{
	return json_array_get(array, (size_t)index);
}

static const json_t *column(const json_t *row, const json_t *list, size_t index)
{
	return at(list, json_integer_value(json_array_get(row, index)));
}

static size_t count(const char *text, const char *word)
{
	size_t times = 0;

	while ((text = strstr(text, word))) {
		times++;
		text += strlen(word);
	}
	return times;
}

static void assert_text(const json_t *text, const char *expected)
{
	ck_assert_str_eq(json_string_value(text), expected);
}

/* The row of @record in @data: there has to be just one. */
static const json_t *row_of(const json_t *data, const struct record *record)
{
	const json_t *kernels = json_object_get(data, "kernels");
	const json_t *ids = json_object_get(data, "ids");
	const json_t *found = NULL;
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(data, "cells"), i, row)
	{
		const json_t *kernel = column(row, kernels, 0);
		const json_t *id = at(column(row, ids, 1), 0);

		if (strcmp(json_string_value(id), record->id) != 0 ||
		    strcmp(json_string_value(
				   json_object_get(kernel, "release")),
			   record->kernel) != 0)
			continue;
		ck_assert_msg(!found, "%s is there twice", record->id);
		found = row;
	}
	ck_assert_msg(found != NULL, "%s is not there", record->id);
	return found;
}

static void assert_record(const json_t *data, const struct record *record)
{
	const json_t *texts = json_object_get(data, "texts");
	const json_t *lists = json_object_get(data, "lists");
	const json_t *row = row_of(data, record);
	const json_t *evidence = column(row, lists, 8);

	assert_text(column(row, json_object_get(data, "verdicts"), 2),
		    record->started || record->finished
			    ? verdict_to_string(record->verdict)
			    : "not run");
	assert_text(column(row, json_object_get(data, "outcomes"), 3),
		    outcome_to_string(record->outcome));
	if (record->error)
		assert_text(column(row, texts, 6), record->error);
	else
		ck_assert_int_eq(json_integer_value(at(row, 6)), -1);
	ck_assert_uint_eq(json_array_size(evidence), record->evidence_count);
	ck_assert_uint_eq(json_array_size(column(row, lists, 9)),
			  record->log_count);
	ck_assert_uint_eq(json_array_size(column(row, lists, 10)),
			  record->sight_count);
}

START_TEST(each_record_is_there_once)
{
	static const char *const journals[] = {"mixed.jsonl", "healthy.jsonl",
					       "skipped.jsonl",
					       "patched.jsonl"};

	for (size_t i = 0; i < sizeof(journals) / sizeof(journals[0]); i++) {
		struct run *run = load(journals[i]);
		cleanup_free char *page = render(run);
		json_t *data = data_of(page);

		ck_assert_uint_gt(run->record_count, 0);
		ck_assert_uint_eq(
			json_array_size(json_object_get(data, "cells")),
			run->record_count);
		for (size_t k = 0; k < run->record_count; k++)
			assert_record(data, &run->records[k]);
		json_decref(data);
		run_free(run);
	}
}
END_TEST

START_TEST(text_is_made_visible)
{
	static const char *const pairs[][2] = {
		{"plain", "plain"},
		{"", ""},
		{"a\nb\tc", "a b c"},
		{"\033[2J\a\x7f", "\\x1b[2J\\x07\\x7f"},
		{"\xc2\x9b"
		 "31m",
		 "\\x9b31m"},
		{"\xff\xc0\xaf\xed\xa0\x80", "\\xff\\xc0\\xaf\\xed\\xa0\\x80"},
		{"\xe2\x80", "\\xe2\\x80"},
		{"\xe2\x80\xae"
		 "cod",
		 "\\u202ecod"},
		{"\xef\xbb\xbf\xe2\x81\xa6", "\\ufeff\\u2066"},
		{"gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\xa7",
		 "gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\xa7"},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		json_t *text = html_string(pairs[i][0]);

		assert_text(text, pairs[i][1]);
		json_decref(text);
	}
}
END_TEST

START_TEST(hostile_text_stays_text)
{
	char *lines[] = {(char *)HOSTILE};
	struct sight sight = {.kind = FACT_READ, .name = (char *)HOSTILE};
	struct record record = {
		.id = (char *)HOSTILE,
		.kernel = (char *)HOSTILE,
		.started = true,
		.finished = true,
		.verdict = VERDICT_OOPS,
		.outcome = OUTCOME_UNEXPECTED,
		.error = (char *)HOSTILE,
		.reason = (char *)HOSTILE,
		.evidence = lines,
		.evidence_count = 1,
		.rule = (char *)HOSTILE,
		.log = lines,
		.log_count = 1,
		.sights = &sight,
		.sight_count = 1,
	};
	struct run_kernel kernel = {.release = (char *)HOSTILE,
				    .machine = (char *)HOSTILE,
				    .accelerator = (char *)HOSTILE,
				    .finished = true,
				    .finish_reason = (char *)HOSTILE};
	struct run run = {.version = (char *)HOSTILE,
			  .time = (char *)HOSTILE,
			  .kernels = &kernel,
			  .kernel_count = 1,
			  .records = &record,
			  .record_count = 1};
	cleanup_free char *page = render(&run);
	json_t *data = data_of(page);
	const json_t *texts = json_object_get(data, "texts");
	const json_t *row = at(json_object_get(data, "cells"), 0);

	ck_assert_uint_eq(count(page, "<script"), 2);
	ck_assert_uint_eq(count(page, "</script"), 2);
	ck_assert_ptr_null(strstr(page, "alert(1)</"));
	ck_assert_uint_eq(count(page, "<!--"), 1); /* the licence */
	for (const char *byte = page; *byte; byte++)
		ck_assert_msg(*byte == '\n' || *byte == '\t' ||
				      (*byte >= ' ' && *byte < 0x7f),
			      "byte 0x%02x", (unsigned char)*byte);
	assert_text(json_object_get(data, "gupcheck"), HOSTILE_SHOWN);
	assert_text(column(row, texts, 4), HOSTILE_SHOWN);
	assert_text(column(row, texts, 7), HOSTILE_SHOWN);
	json_decref(data);
}
END_TEST

/* Nothing but the script and the style may be taken for either. */
START_TEST(page_keeps_its_own_policy)
{
	struct run *run = load("mixed.jsonl");
	cleanup_free char *page = render(run);

	ck_assert_uint_eq(count(page, "default-src 'none'"), 1);
	ck_assert_uint_eq(count(page, "'sha256-"), 2);
	ck_assert_ptr_null(strstr(page, "unsafe"));
	ck_assert_ptr_null(strstr(page, "@STYLE"));
	ck_assert_ptr_null(strstr(page, "@SCRIPT"));
	ck_assert_ptr_null(strstr(page, " style="));
	ck_assert_ptr_null(strstr(page, " src="));
	ck_assert_ptr_null(strstr(page, " onclick="));
	ck_assert_ptr_null(strstr(page, "innerHTML"));
	ck_assert_uint_eq(count(page, "</html>"), 1);
	run_free(run);
}
END_TEST

START_TEST(kernels_stand_in_release_order)
{
	static const char *const releases[] = {"6.12.1", "7.0", "6.1.0-56",
					       "6.1-rc2"};
	static const char *const sorted[] = {"6.1-rc2", "6.1.0-56", "6.12.1",
					     "7.0"};
	struct run_kernel kernels[4] = {{NULL}};
	struct run run = {
		.version = (char *)"0", .kernels = kernels, .kernel_count = 4};
	cleanup_free char *page = NULL;
	json_t *data;

	for (size_t i = 0; i < 4; i++)
		kernels[i].release = (char *)releases[i];
	page = render(&run);
	data = data_of(page);
	for (size_t i = 0; i < 4; i++)
		assert_text(
			json_object_get(
				json_array_get(json_object_get(data, "kernels"),
					       i),
				"release"),
			sorted[i]);
	ck_assert_uint_eq(json_array_size(json_object_get(data, "differences")),
			  6);
	ck_assert_uint_eq(json_array_size(json_object_get(data, "cells")), 0);
	json_decref(data);
}
END_TEST

/* From the older kernel to the newer one, whatever the order of the run. */
START_TEST(differences_are_judged)
{
	struct run_kernel kernels[] = {{.release = (char *)"6.5"},
				       {.release = (char *)"6.1"}};
	struct record records[] = {
		{.id = (char *)"rdma_mr/xfs/admission",
		 .kernel = (char *)"6.5",
		 .finished = true,
		 .verdict = VERDICT_REFUSED,
		 .reason = (char *)"r"},
		{.id = (char *)"rdma_mr/tmpfs/admission",
		 .kernel = (char *)"6.5",
		 .finished = true,
		 .verdict = VERDICT_SAFE,
		 .reason = (char *)"r"},
		{.id = (char *)"rdma_mr/xfs/admission",
		 .kernel = (char *)"6.1",
		 .finished = true,
		 .verdict = VERDICT_EXPOSED,
		 .reason = (char *)"r"},
		{.id = (char *)"rdma_mr/tmpfs/admission",
		 .kernel = (char *)"6.1",
		 .finished = true,
		 .verdict = VERDICT_SAFE,
		 .reason = (char *)"r"},
	};
	struct run run = {.version = (char *)"0",
			  .kernels = kernels,
			  .kernel_count = 2,
			  .records = records,
			  .record_count = 4};
	cleanup_free char *page = render(&run);
	json_t *data = data_of(page);
	const json_t *pair = at(json_object_get(data, "differences"), 0);
	const json_t *changes = at(pair, 2);

	ck_assert_uint_eq(json_array_size(changes), 3);
	assert_text(at(column(changes, json_object_get(data, "ids"), 0), 0),
		    "rdma_mr/xfs/admission");
	assert_text(column(changes, json_object_get(data, "changes"), 1),
		    "better");
	assert_text(column(changes, json_object_get(data, "texts"), 2),
		    "a pin that must be refused is refused now");
	json_decref(data);
}
END_TEST

UNIT_MAIN("html", each_record_is_there_once, text_is_made_visible,
	  hostile_text_stays_text, page_keeps_its_own_policy,
	  kernels_stand_in_release_order, differences_are_judged)
