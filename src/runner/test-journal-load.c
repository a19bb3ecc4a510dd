/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "runner/test-scratch.h"

#define BEGIN(kernel)                                                              \
	"{\"type\":\"begin\",\"schema\":1,\"gupcheck\":\"0\",\"kernel\":\"" kernel \
	"\",\"machine\":\"x86_64\",\"accelerator\":\"tcg\","                       \
	"\"time\":\"2025-01-02T03:04:05Z\",\"boot\":\"here\"}\n"
#define COMMAND                                                         \
	"{\"type\":\"command\",\"command\":\"run\",\"gupcheck\":\"0\"," \
	"\"options\":{},\"cells\":[\"a\"]}\n"
#define PLAN(kernel, cells) \
	"{\"type\":\"plan\",\"kernel\":\"" kernel "\",\"cells\":[" cells "]}\n"
#define START(kernel, id) \
	"{\"type\":\"start\",\"kernel\":\"" kernel "\",\"id\":\"" id "\"}\n"
#define END(kernel, id, verdict, outcome)                          \
	"{\"type\":\"end\",\"kernel\":\"" kernel "\",\"id\":\"" id \
	"\",\"verdict\":\"" verdict "\",\"outcome\":\"" outcome    \
	"\",\"errno\":null,\"reason\":\"why\",\"seconds\":0.25,"   \
	"\"evidence\":[\"e1\",\"e2\"],\"facts\":[],\"rule\":null}\n"
#define CANARY(kernel, verdict)                     \
	"{\"type\":\"canary\",\"kernel\":\"" kernel \
	"\",\"verdict\":\"" verdict "\",\"reason\":\"c\"}\n"
#define FINISH(kernel) \
	"{\"type\":\"finish\",\"kernel\":\"" kernel "\",\"reason\":\"done\"}\n"

static void write_file(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
	close(fd);
}

/* One text of the lines; the list ends with NULL. */
static char *join(const char *const *lines)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	for (; *lines; lines++)
		fputs(*lines, out);
	fclose(out);
	return text;
}

static struct run *load(const char *const *lines)
{
	cleanup_free char *text = join(lines);
	const char *path = scratch_file();
	struct error error = {""};
	struct run *run = NULL;

	write_file(path, text, strlen(text));
	ck_assert_msg(!journal_load(path, &run, &error), "%s", error.text);
	scratch_remove(path);
	return run;
}

#define LOAD(...) load((const char *const[]){__VA_ARGS__, NULL})

static void assert_load_fails(const char *text, int ret, const char *message)
{
	const char *path = scratch_file();
	struct error error = {""};
	struct run *run = NULL;

	write_file(path, text, strlen(text));
	ck_assert_int_eq(journal_load(path, &run, &error), ret);
	ck_assert_msg(strstr(error.text, message), "%s", error.text);
	ck_assert_ptr_null(run);
	scratch_remove(path);
}

static void assert_record(const struct run *run, const char *kernel,
			  const char *id, enum verdict verdict,
			  enum outcome outcome)
{
	const struct record *record = run_find(run, kernel, id);

	ck_assert_ptr_nonnull(record);
	ck_assert_str_eq(verdict_to_string(record->verdict),
			 verdict_to_string(verdict));
	ck_assert_uint_eq(record->outcome, outcome);
}

START_TEST(whole_run_is_read)
{
	struct run *run = LOAD(
		BEGIN("6.1"), PLAN("6.1", "\"a\",\"b\""), START("6.1", "a"),
		END("6.1", "a", "corrupt", "known-issue"), START("6.1", "b"),
		END("6.1", "b", "safe", "as-expected"),
		CANARY("6.1", "corrupt"), FINISH("6.1"));
	const struct record *record = run_find(run, "6.1", "a");

	ck_assert_str_eq(run->version, "0");
	ck_assert_str_eq(run->time, "2025-01-02T03:04:05Z");
	ck_assert_uint_eq(run->kernel_count, 1);
	ck_assert_str_eq(run->kernels[0].machine, "x86_64");
	ck_assert_str_eq(run->kernels[0].accelerator, "tcg");
	ck_assert(run->kernels[0].canary_seen);
	ck_assert_uint_eq(run->kernels[0].canary, VERDICT_CORRUPT);
	ck_assert(run->kernels[0].finished);
	ck_assert_str_eq(run->kernels[0].finish_reason, "done");
	ck_assert_uint_eq(run->record_count, 2);
	assert_record(run, "6.1", "a", VERDICT_CORRUPT, OUTCOME_KNOWN_ISSUE);
	ck_assert(record->started && record->finished);
	ck_assert_str_eq(record->reason, "why");
	ck_assert_ptr_null(record->error);
	ck_assert_ptr_null(record->rule);
	ck_assert(record->seconds > 0.24 && record->seconds < 0.26);
	ck_assert_uint_eq(record->evidence_count, 2);
	ck_assert_str_eq(record->evidence[1], "e2");
	ck_assert_int_eq(run_exit_code(run, false), 0);
	ck_assert_int_eq(run_exit_code(run, true), 1);
	run_free(run);
}
END_TEST

START_TEST(cells_without_an_end)
{
	struct run *run = LOAD(BEGIN("6.1"), PLAN("6.1", "\"a\",\"b\""),
			       START("6.1", "a"));

	assert_record(run, "6.1", "a", VERDICT_VANISHED, OUTCOME_NONE);
	ck_assert(run->records[0].started && !run->records[0].finished);
	ck_assert_str_eq(run->records[0].reason,
			 "the run ended while this cell ran");
	assert_record(run, "6.1", "b", VERDICT_SKIPPED, OUTCOME_NONE);
	ck_assert(!run->records[1].started && !run->records[1].finished);
	ck_assert_str_eq(run->records[1].reason, "not run");
	ck_assert_int_eq(run_exit_code(run, false), 1);
	run_free(run);
}
END_TEST

START_TEST(second_start_takes_the_first_answer_back)
{
	struct run *run =
		LOAD(BEGIN("6.1"), START("6.1", "a"),
		     END("6.1", "a", "safe", "as-expected"), START("6.1", "a"));

	assert_record(run, "6.1", "a", VERDICT_VANISHED, OUTCOME_NONE);
	ck_assert_uint_eq(run->records[0].evidence_count, 0);
	run_free(run);
}
END_TEST

START_TEST(last_end_counts)
{
	struct run *run = LOAD(BEGIN("6.1"), START("6.1", "a"),
			       END("6.1", "a", "broken", "none"),
			       END("6.1", "a", "oops", "unexpected"));

	ck_assert_uint_eq(run->record_count, 1);
	assert_record(run, "6.1", "a", VERDICT_OOPS, OUTCOME_UNEXPECTED);
	ck_assert_uint_eq(run->records[0].evidence_count, 2);
	run_free(run);
}
END_TEST

START_TEST(kernels_are_taken_apart)
{
	struct run *run =
		LOAD(BEGIN("6.1"), BEGIN("7.3"), PLAN("7.3", "\"b\",\"a\""),
		     PLAN("6.1", "\"a\",\"b\""),
		     END("7.3", "a", "safe", "as-expected"),
		     END("6.1", "b", "safe", "as-expected"));

	ck_assert_uint_eq(run->record_count, 4);
	ck_assert_str_eq(run->records[0].kernel, "6.1");
	ck_assert_str_eq(run->records[0].id, "a");
	ck_assert_str_eq(run->records[1].id, "b");
	ck_assert_str_eq(run->records[2].kernel, "7.3");
	ck_assert_str_eq(run->records[2].id, "b");
	assert_record(run, "7.3", "a", VERDICT_SAFE, OUTCOME_AS_EXPECTED);
	assert_record(run, "6.1", "a", VERDICT_SKIPPED, OUTCOME_NONE);
	run_free(run);
}
END_TEST

START_TEST(unknown_lines_are_passed_over)
{
	struct run *run = LOAD(BEGIN("6.1"), "{\"type\":\"boot\",\"x\":1}\n",
			       "{\"type\":\"end");

	ck_assert_uint_eq(run->record_count, 0);
	run_free(run);
}
END_TEST

START_TEST(damage_is_named)
{
	static const char *const bad[] = {
		"junk\n",
		"[]\n",
		"\n",
		"{}\n",
		"{\"type\":\"start\",\"kernel\":\"6.1\"}\n",
		"{\"type\":\"start\",\"kernel\":\"7.3\",\"id\":\"a\"}\n",
		"{\"type\":\"plan\",\"kernel\":\"6.1\",\"cells\":{}}\n",
		"{\"type\":\"plan\",\"kernel\":\"6.1\",\"cells\":[1]}\n",
		"{\"type\":\"canary\",\"kernel\":\"6.1\",\"verdict\":\"x\"}\n",
		"{\"type\":\"finish\",\"kernel\":\"6.1\",\"reason\":4}\n",
		"{\"type\":\"begin\",\"schema\":2,\"kernel\":\"6.1\"}\n",
		"{\"type\":\"command\",\"cells\":[]}\n",
		"{\"type\":\"command\",\"command\":\"run\",\"cells\":{}}\n",
		END("6.1", "a", "fine", "as-expected"),
		END("6.1", "a", "safe", "as expected"),
		"{\"type\":\"end\",\"kernel\":\"6.1\",\"id\":\"a\","
		"\"verdict\":\"safe\",\"outcome\":\"none\",\"reason\":\"\","
		"\"errno\":14}\n",
		"{\"type\":\"end\",\"kernel\":\"6.1\",\"id\":\"a\","
		"\"verdict\":\"safe\",\"outcome\":\"none\",\"reason\":\"\","
		"\"evidence\":[3]}\n",
		"{\"type\":\"end\",\"kernel\":\"6.1\",\"id\":\"a\","
		"\"verdict\":\"safe\",\"outcome\":\"none\",\"reason\":\"\","
		"\"evidence\":\"x\"}\n",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cleanup_free char *text = NULL;

		ck_assert_int_gt(asprintf(&text, "%s%s%s", BEGIN("6.1"), bad[i],
					  FINISH("6.1")),
				 0);
		assert_load_fails(text, -EINVAL, ":2: bad ");
	}
}
END_TEST

/* What a power failure may leave behind the last line that was written. */
static const struct {
	const char *bytes;
	size_t len;
} tails[] = {
#define TAIL(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}
	TAIL("\0\0\0\0\0\0\0\0"),
	TAIL("\0\0\n\0\0\n"),
	TAIL("junk\n[]\n{}\n\n"),
	TAIL("{\"type\":\"end\",\"kernel\":\"6.1\",\"id\":\"a\",\0\0\0"),
	TAIL("\xff\xfe\x80{\"type\":\"finish\"}\n{\"type\":4}"),
#undef TAIL
};

START_TEST(a_damaged_end_is_dropped)
{
	const char *path = scratch_file();
	cleanup_free char *good = join(
		(const char *const[]){BEGIN("6.1"), START("6.1", "a"), NULL});
	size_t size = strlen(good);

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		cleanup_free char *text = malloc(size + tails[i].len + 1);
		struct error error = {""};
		struct run *run = NULL;

		memcpy(text, good, size);
		memcpy(text + size, tails[i].bytes, tails[i].len);
		write_file(path, text, size + tails[i].len);
		ck_assert_msg(!journal_load(path, &run, &error), "%zu: %s", i,
			      error.text);
		assert_record(run, "6.1", "a", VERDICT_VANISHED, OUTCOME_NONE);
		ck_assert_uint_eq(run->record_count, 1);
		run_free(run);
	}
	scratch_remove(path);
}
END_TEST

START_TEST(damage_with_records_behind_it_is_an_error)
{
	const char *path = scratch_file();

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		struct error error = {""};
		struct run *run = NULL;
		char text[512];
		size_t len = strlen(BEGIN("6.1"));

		memcpy(text, BEGIN("6.1"), len);
		memcpy(text + len, tails[i].bytes, tails[i].len);
		len += tails[i].len;
		len += (size_t)sprintf(text + len, "\n%s", FINISH("6.1"));
		write_file(path, text, len);
		ck_assert_int_eq(journal_load(path, &run, &error), -EINVAL);
		ck_assert_msg(strstr(error.text, ":2: bad line"), "%zu: %s", i,
			      error.text);
		ck_assert_ptr_null(run);
	}
	scratch_remove(path);
}
END_TEST

/* What a later part of a run says replaces what an earlier one said. */
START_TEST(parts_of_a_run_are_one)
{
	struct run *run = LOAD(
		COMMAND, BEGIN("6.1"), PLAN("6.1", "\"a\",\"b\",\"c\""),
		CANARY("6.1", "corrupt"), START("6.1", "a"),
		END("6.1", "a", "safe", "as-expected"), START("6.1", "b"),
		BEGIN("6.1"), PLAN("6.1", "\"a\",\"b\",\"c\""),
		CANARY("6.1", "corrupt"), START("6.1", "b"),
		END("6.1", "b", "refused", "as-expected"), START("6.1", "c"),
		END("6.1", "c", "safe", "as-expected"), FINISH("6.1"));

	ck_assert_uint_eq(run->kernel_count, 1);
	ck_assert_uint_eq(run->record_count, 3);
	assert_record(run, "6.1", "b", VERDICT_REFUSED, OUTCOME_AS_EXPECTED);
	ck_assert_str_eq(run->records[1].id, "b");
	ck_assert(run_kernel_complete(run, &run->kernels[0]));
	ck_assert_int_eq(run_exit_code(run, false), 0);
	ck_assert_str_eq(
		json_string_value(json_object_get(run->command, "command")),
		"run");
	ck_assert_str_eq(run->kernels[0].boot, "here");
	run_free(run);
}
END_TEST

START_TEST(what_is_not_complete)
{
	static const char *const begun[] = {BEGIN("6.1"),
					    PLAN("6.1", "\"a\""),
					    CANARY("6.1", "corrupt"),
					    START("6.1", "a"),
					    END("6.1", "a", "safe", "none"),
					    FINISH("6.1"),
					    NULL};

	for (size_t without = 2; without <= 6; without++) {
		const char *lines[7] = {NULL};
		struct run *run;
		size_t count = 0;

		for (size_t i = 0; begun[i]; i++)
			if (i != without)
				lines[count++] = begun[i];
		run = load(lines);
		/* nothing is missing without the start */
		ck_assert_int_eq(run_kernel_complete(run, &run->kernels[0]),
				 without == 3 || without == 6);
		run_free(run);
	}
}
END_TEST

START_TEST(missing_and_empty_are_errors)
{
	struct error error = {""};
	struct run *run = NULL;

	ck_assert_int_eq(journal_load("/nonexistent/x", &run, &error), -ENOENT);
	ck_assert_str_eq(error.text, "cannot read the journal of "
				     "/nonexistent/x: No such file or "
				     "directory");
	assert_load_fails("", -ENODATA, "holds no run");
	assert_load_fails("{\"type\":\"be", -ENODATA, "holds no run");
}
END_TEST

static const char *const whole[] = {BEGIN("6.1"),
				    PLAN("6.1", "\"a\",\"b\",\"c\",\"d\""),
				    START("6.1", "a"),
				    END("6.1", "a", "safe", "as-expected"),
				    START("6.1", "b"),
				    END("6.1", "b", "skipped", "none"),
				    BEGIN("7.3"),
				    PLAN("7.3", "\"a\""),
				    START("6.1", "c"),
				    START("7.3", "a"),
				    END("7.3", "a", "refused", "as-expected"),
				    END("6.1", "c", "safe", "fixed"),
				    START("6.1", "d"),
				    END("6.1", "d", "corrupt", "known-issue"),
				    CANARY("6.1", "corrupt"),
				    FINISH("6.1"),
				    CANARY("7.3", "corrupt"),
				    FINISH("7.3"),
				    NULL};

/* What a shortened journal says about a cell: the same, or no answer. */
static void assert_not_better(const struct run *cut, const struct run *full,
			      size_t len)
{
	for (size_t i = 0; i < full->record_count; i++) {
		const struct record *was = &full->records[i];
		const struct record *is = run_find(cut, was->kernel, was->id);

		if (!is)
			continue;
		if (is->finished)
			ck_assert_msg(is->verdict == was->verdict &&
					      is->outcome == was->outcome,
				      "%s differs at byte %zu", is->id, len);
		else
			ck_assert_msg(!verdict_is_answer(is->verdict) &&
					      is->outcome == OUTCOME_NONE,
				      "%s answers at byte %zu", is->id, len);
	}
}

START_TEST(truncation_never_makes_a_run_better)
{
	const char *path = scratch_file();
	cleanup_free char *text = join(whole);
	size_t size = strlen(text), good = 0;
	struct run *full = NULL;

	write_file(path, text, size);
	ck_assert_int_eq(journal_load(path, &full, NULL), 0);
	ck_assert_int_eq(run_exit_code(full, false), 0);

	for (size_t len = 0; len < size; len++) {
		struct run *cut = NULL;

		write_file(path, text, len);
		if (journal_load(path, &cut, NULL) < 0) {
			ck_assert_uint_lt(len, strlen(BEGIN("6.1")) - 1);
			continue;
		}
		assert_not_better(cut, full, len);
		good += run_exit_code(cut, false) == 0;
		run_free(cut);
	}

	/* The newline of the last line is not missed. */
	ck_assert_uint_eq(good, 1);
	run_free(full);
	scratch_remove(path);
}
END_TEST

#define RULES(kernel, stale) \
	"{\"type\":\"rules\",\"kernel\":\"" kernel "\",\"stale\":" stale "}\n"

START_TEST(rules_of_no_use_are_read)
{
	struct run *run = LOAD(BEGIN("6.1"), PLAN("6.1", "\"a\""),
			       RULES("6.1", "[\"x:1\",\"x:2\"]"),
			       RULES("6.1", "[\"x:3\"]"), FINISH("6.1"));

	/* the last ones count */
	ck_assert_uint_eq(run->kernels[0].stale_count, 1);
	ck_assert_str_eq(run->kernels[0].stale[0], "x:3");
	run_free(run);
	run = LOAD(BEGIN("6.1"), RULES("6.1", "[]"));
	ck_assert_uint_eq(run->kernels[0].stale_count, 0);
	run_free(run);
	assert_load_fails(BEGIN("6.1") RULES("6.1", "null") FINISH("6.1"),
			  -EINVAL, ":2: bad stale:");
	assert_load_fails(BEGIN("6.1") RULES("6.1", "[\"x\",7]") FINISH("6.1"),
			  -EINVAL, ":2: bad stale:");
}
END_TEST

UNIT_MAIN("journal-load", rules_of_no_use_are_read, whole_run_is_read,
	  cells_without_an_end, second_start_takes_the_first_answer_back,
	  last_end_counts, kernels_are_taken_apart,
	  unknown_lines_are_passed_over, damage_is_named,
	  a_damaged_end_is_dropped, damage_with_records_behind_it_is_an_error,
	  parts_of_a_run_are_one, what_is_not_complete,
	  missing_and_empty_are_errors, truncation_never_makes_a_run_better)
