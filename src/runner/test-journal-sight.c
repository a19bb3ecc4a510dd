/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "runner/test-scratch.h"

#define HEAD                                                                 \
	"{\"type\":\"begin\",\"schema\":1,\"gupcheck\":\"0\",\"kernel\":\"6" \
	"\"}\n{\"type\":\"plan\",\"kernel\":\"6\",\"cells\":[\"a\"]}\n"
#define START "{\"type\":\"start\",\"kernel\":\"6\",\"id\":\"a\"}\n"
#define END(more)                                                         \
	"{\"type\":\"end\",\"kernel\":\"6\",\"id\":\"a\",\"verdict\":"    \
	"\"safe\",\"outcome\":\"as-expected\",\"errno\":null,\"reason\":" \
	"\"r\",\"seconds\":1,\"rule\":null" more "}\n"
#define FACTS(list) END(",\"facts\":" list)
#define LOG(list) END(",\"log\":" list)

static int load(const char *text, struct run **ret, struct error *error)
{
	const char *path = scratch_file();
	FILE *file = fopen(path, "we");
	int result;

	*ret = NULL;
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	result = journal_load(path, ret, error);
	scratch_remove(path);
	return result;
}

/* The only record of the run that @text is. */
static const struct record *record_of(const char *text, struct run **ret)
{
	struct error error = {""};

	ck_assert_msg(!load(text, ret, &error), "%s", error.text);
	ck_assert_uint_eq((*ret)->record_count, 1);
	return &(*ret)->records[0];
}

START_TEST(facts_become_sights)
{
	struct run *run;
	const struct record *record = record_of(
		HEAD START FACTS(
			"[{\"kind\":\"step-begin\",\"value\":0,\"name\":\"map\"},"
			"{\"kind\":\"step-end\",\"value\":-14,\"name\":\"map\"},"
			"{\"kind\":\"from the future\",\"value\":1},"
			"{\"kind\":\"read\",\"value\":4,\"name\":\"disk\","
			"\"view\":\"raw\",\"offset\":65536},"
			"{\"kind\":\"pin\",\"value\":0,\"view\":\"new\"}]"),
		&run);
	const struct sight *sights = record->sights;

	ck_assert_uint_eq(record->sight_count, 3);
	ck_assert_uint_eq(sights[0].kind, FACT_STEP_END);
	ck_assert_str_eq(sights[0].name, "map");
	ck_assert_int_eq(sights[0].value, -EFAULT);
	ck_assert_uint_eq(sights[1].kind, FACT_READ);
	ck_assert_str_eq(sights[1].name, "disk");
	ck_assert_int_eq(sights[1].value, 4);
	ck_assert_uint_eq(sights[1].view, VIEW_RAW);
	ck_assert_uint_eq(sights[1].offset, 65536);
	ck_assert_uint_eq(sights[2].kind, FACT_PIN);
	ck_assert_str_eq(sights[2].name, "");
	ck_assert_uint_eq(sights[2].view, 0);
	run_free(run);
}
END_TEST

START_TEST(kernel_messages_are_kept)
{
	struct run *run;
	const struct record *record =
		record_of(HEAD START LOG("[\"one\",\"two\"]"), &run);

	ck_assert_uint_eq(record->log_count, 2);
	ck_assert_str_eq(record->log[0], "one");
	ck_assert_str_eq(record->log[1], "two");
	run_free(run);
}
END_TEST

/* What an attempt saw does not stand beside the end of another one. */
START_TEST(another_attempt_begins_anew)
{
	struct run *run;
	const struct record *record =
		record_of(HEAD START LOG("[\"one\"]") START, &run);

	ck_assert_uint_eq(record->log_count, 0);
	ck_assert_ptr_null(record->log);
	run_free(run);
	record = record_of(HEAD START FACTS("[{\"kind\":\"pin\",\"value\":0}]")
				   END(""),
			   &run);
	ck_assert_uint_eq(record->sight_count, 0);
	ck_assert_uint_eq(record->evidence_count, 0);
	run_free(run);
}
END_TEST

START_TEST(wrong_shapes_are_named)
{
	static const char *const texts[][2] = {
		{HEAD START FACTS("{}"), "bad facts"},
		{HEAD START FACTS("[{\"kind\":\"pin\",\"value\":4294967296}]"),
		 "bad facts"},
		{HEAD START FACTS("[{\"kind\":\"read\",\"value\":0,"
				  "\"offset\":-1}]"),
		 "bad facts"},
		{HEAD START LOG("\"text\""), "bad log"},
		{HEAD START LOG("[1]"), "bad log"},
		{HEAD START END(",\"evidence\":[null]"), "bad evidence"},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct error error = {""};
		struct run *run;

		ck_assert_int_eq(load(texts[i][0], &run, &error), -EINVAL);
		ck_assert_msg(strstr(error.text, texts[i][1]), "%s",
			      error.text);
	}
}
END_TEST

UNIT_MAIN("journal-sight", facts_become_sights, kernel_messages_are_kept,
	  another_attempt_begins_anew, wrong_shapes_are_named)
