/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Fits runs together that are made of lines; the tables are test-tables.c. */

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "runner/merge.h"

#define PARTS_MAX 4
#define FOLDER "/tmp/gupcheck-merge-XXXXXX"

#define BEGIN_OF(kernel, more)                                                     \
	"{\"type\":\"begin\",\"schema\":1,\"gupcheck\":\"0\",\"kernel\":\"" kernel \
	"\",\"machine\":\"x86_64\",\"accelerator\":\"tcg\"," more "}\n"
#define BEGIN(kernel) BEGIN_OF(kernel, "\"boot\":\"here\"")
#define GUEST(kernel, image, config)                                      \
	BEGIN_OF(kernel, "\"boot\":\"anywhere\",\"input\":\"./bzImage\"," \
			 "\"image\":\"" image "\",\"config\":\"" config "\"")
#define COMMAND(command, options, common)                                     \
	"{\"type\":\"command\",\"command\":\"" command                        \
	"\",\"gupcheck\":\"0\",\"options\":{" options "},\"common\":{" common \
	"},\"arguments\":[],\"cells\":[]}"                                    \
	"\n"
#define SHARD(index, count, of)                                             \
	COMMAND("run", "",                                                  \
		"\"shard\":{\"index\":" index ",\"count\":" count ",\"of\"" \
		":" of "}")
#define PLAN(kernel, cells) \
	"{\"type\":\"plan\",\"kernel\":\"" kernel "\",\"cells\":[" cells "]}\n"
#define START(kernel, id) \
	"{\"type\":\"start\",\"kernel\":\"" kernel "\",\"id\":\"" id "\"}\n"
#define END(kernel, id, verdict)                                   \
	START(kernel, id)                                          \
	"{\"type\":\"end\",\"kernel\":\"" kernel "\",\"id\":\"" id \
	"\",\"verdict\":\"" verdict "\",\"outcome\":\"as-expected" \
	"\",\"errno\":null,\"reason\":\"why\",\"seconds\":0.25,"   \
	"\"evidence\":[\"e1\"],\"facts\":[],\"rule\":null}\n"
#define CANARY(kernel, verdict)                     \
	"{\"type\":\"canary\",\"kernel\":\"" kernel \
	"\",\"verdict\":\"" verdict "\",\"reason\":\"c\"}\n"
#define FINISH_AS(kernel, reason)                                             \
	"{\"type\":\"finish\",\"kernel\":\"" kernel "\",\"reason\":\"" reason \
	"\"}\n"
#define FINISH(kernel) FINISH_AS(kernel, "complete")
#define WHOLE(kernel, id)          \
	PLAN(kernel, "\"" id "\"") \
	CANARY(kernel, "corrupt")  \
	END(kernel, id, "safe")    \
	FINISH(kernel)

/* In the order of a plan */
#define FIRST "rdma_mr/ext4/admission"
#define SECOND "rdma_mr/ext4/admission@private"

/** struct bench - runs of lines, and what they are joined to */
struct bench {
	char folder[sizeof(FOLDER)];
	struct merge_part parts[PARTS_MAX];
	size_t count;
	struct error error;
};

static const char *path_of(const struct bench *bench, size_t index)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%zu.jsonl", bench->folder, index);
	return path;
}

static struct bench bench_begin(const char *const *texts)
{
	struct bench bench = {.folder = FOLDER};

	ck_assert_ptr_nonnull(mkdtemp(bench.folder));
	for (; *texts; texts++) {
		struct merge_part *part = &bench.parts[bench.count];
		const char *path = path_of(&bench, bench.count);
		FILE *file = fopen(path, "we");

		ck_assert_ptr_nonnull(file);
		fputs(*texts, file);
		ck_assert_int_eq(fclose(file), 0);
		part->dir = strdup(path);
		ck_assert_msg(!journal_load(path, &part->run, &bench.error),
			      "%s", bench.error.text);
		bench.count++;
	}
	return bench;
}

static void bench_end(struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++) {
		unlink(bench->parts[i].dir);
		free((void *)bench->parts[i].dir);
		run_free(bench->parts[i].run);
	}
	ck_assert_int_eq(rmdir(bench->folder), 0);
}

/* The texts fit, and make this run */
static struct run *merged(const char *const *texts)
{
	struct bench bench = bench_begin(texts);
	struct journal *journal = NULL;
	json_t *arguments = json_array();
	struct run *run = NULL;
	char out[sizeof(FOLDER) + 8], path[sizeof(out) + 16];

	snprintf(out, sizeof(out), "%s/out", bench.folder);
	ck_assert_msg(
		!merge_check(bench.parts, bench.count, false, &bench.error),
		"%s", bench.error.text);
	ck_assert_int_eq(journal_create(&journal, out, &bench.error), 0);
	ck_assert_msg(!merge_write(bench.parts, bench.count, journal, arguments,
				   &bench.error),
		      "%s", bench.error.text);
	journal_close(journal);
	json_decref(arguments);
	ck_assert_msg(!journal_load(out, &run, &bench.error), "%s",
		      bench.error.text);
	snprintf(path, sizeof(path), "%s/%s", out, JOURNAL_NAME);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(out), 0);
	bench_end(&bench);
	return run;
}

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The texts do not fit, and the line says @why */
static void assert_misfit(const char *const *texts, bool any_boot,
			  const char *why)
{
	struct bench bench = bench_begin(texts);

	ck_assert_int_eq(
		merge_check(bench.parts, bench.count, any_boot, &bench.error),
		-EINVAL);
	ck_assert_msg(strstr(bench.error.text, why), "%s", bench.error.text);
	ck_assert_ptr_null(strchr(bench.error.text, '\n'));
	bench_end(&bench);
}

START_TEST(shards_make_one_run)
{
	struct run *run = merged(TEXTS(
		SHARD("1", "2", "2") BEGIN("k") WHOLE("k", SECOND),
		SHARD("2", "2", "2") BEGIN("k") WHOLE("k", FIRST) "torn"));

	ck_assert_uint_eq(run->kernel_count, 1);
	ck_assert_uint_eq(run->record_count, 2);
	ck_assert_str_eq(run->records[0].id, FIRST);
	ck_assert_str_eq(run->records[1].id, SECOND);
	ck_assert_uint_eq(run->records[1].evidence_count, 1);
	ck_assert_int_eq(run->records[1].verdict, VERDICT_SAFE);
	ck_assert_str_eq(run->kernels[0].finish_reason, "complete");
	ck_assert(run_kernel_complete(run, &run->kernels[0]));
	ck_assert_int_eq(run_exit_code(run, false), 0);
	run_free(run);
}
END_TEST

START_TEST(kernels_make_one_run)
{
	struct run *run = merged(TEXTS(COMMAND("run", "", "") BEGIN("k")
					       WHOLE("k", FIRST),
				       BEGIN("other") WHOLE("other", FIRST)));

	ck_assert_uint_eq(run->kernel_count, 2);
	ck_assert_uint_eq(run->record_count, 2);
	ck_assert_str_eq(run->kernels[1].release, "other");
	ck_assert_int_eq(run_exit_code(run, false), 0);
	run_free(run);
}
END_TEST

START_TEST(one_bad_canary_spoils_all)
{
	static const char *const canaries[] = {
		CANARY("k", "safe"),
		CANARY("k", "broken"),
		CANARY("k", "hung"),
		CANARY("k", "skipped"),
		"",
	};

	for (size_t i = 0; i < sizeof(canaries) / sizeof(canaries[0]); i++) {
		for (unsigned int first = 0; first < 2; first++) {
			cleanup_free char *bad = NULL;
			const char *good = BEGIN("k") WHOLE("k", FIRST);
			struct run *run;

			ck_assert_int_gt(
				asprintf(&bad, "%s%s%s",
					 BEGIN("k") PLAN("k", "\"" SECOND "\""),
					 canaries[i],
					 END("k", SECOND, "safe") FINISH("k")),
				0);
			run = merged(first ? TEXTS(bad, good)
					   : TEXTS(good, bad));
			ck_assert_msg(run_canary_broken(run, run->kernels),
				      "%s", bad);
			ck_assert_int_eq(run_exit_code(run, false), 99);
			run_free(run);
		}
	}
}
END_TEST

/* Where nothing was answered there was nothing to be proven */
START_TEST(no_answer_needs_no_canary)
{
	struct run *run = merged(TEXTS(
		BEGIN("k") WHOLE("k", FIRST),
		BEGIN("k") PLAN("k", "\"" SECOND "\"") CANARY("k", "skipped")
			END("k", SECOND, "skipped") FINISH("k")));

	ck_assert(!run_canary_broken(run, run->kernels));
	ck_assert_int_eq(run->kernels[0].canary, VERDICT_CORRUPT);
	ck_assert_int_eq(run_exit_code(run, false), 0);
	run_free(run);
}
END_TEST

START_TEST(one_without_end_leaves_all_without)
{
	const char *whole = BEGIN("k") WHOLE("k", FIRST);
	const char *died = BEGIN("k") PLAN("k", "\"" SECOND "\"")
		CANARY("k", "corrupt") START("k", SECOND);

	for (unsigned int first = 0; first < 2; first++) {
		struct run *run =
			merged(first ? TEXTS(died, whole) : TEXTS(whole, died));

		ck_assert(!run->kernels[0].finished);
		ck_assert(!run_kernel_complete(run, run->kernels));
		ck_assert_int_eq(run_find(run, "k", SECOND)->verdict,
				 VERDICT_VANISHED);
		ck_assert_int_eq(run_exit_code(run, false), 1);
		run_free(run);
	}
}
END_TEST

/* What was cut off did not vanish, what vanished was not cut off */
START_TEST(one_cut_off_stays_cut_off)
{
	const char *cut =
		BEGIN("k") PLAN("k", "\"" FIRST "\"") CANARY("k", "corrupt")
			START("k", FIRST) FINISH_AS("k", "interrupted");
	const char *died = BEGIN("k") PLAN("k", "\"" SECOND "\"")
		CANARY("k", "corrupt") START("k", SECOND);
	struct run *run = merged(TEXTS(cut, died));

	ck_assert_int_eq(run_find(run, "k", FIRST)->verdict, VERDICT_SKIPPED);
	ck_assert_int_eq(run_find(run, "k", SECOND)->verdict, VERDICT_VANISHED);
	ck_assert_int_eq(run_exit_code(run, false), 1);
	run_free(run);
	run = merged(TEXTS(BEGIN("k") WHOLE("k", SECOND), cut));
	ck_assert_str_eq(run->kernels[0].finish_reason, FINISH_INTERRUPTED);
	ck_assert_int_eq(run_find(run, "k", SECOND)->verdict, VERDICT_SAFE);
	ck_assert_int_eq(run_exit_code(run, false), 1);
	run_free(run);
}
END_TEST

#define RULES(stale) \
	"{\"type\":\"rules\",\"kernel\":\"k\",\"stale\":[" stale "]}\n"

START_TEST(rules_are_stale_that_are_so_in_all)
{
	struct run *run = merged(
		TEXTS(BEGIN("k") RULES("\"a\",\"b\"") WHOLE("k", FIRST),
		      BEGIN("k") RULES("\"b\",\"c\"") WHOLE("k", SECOND)));

	ck_assert_uint_eq(run->kernels[0].stale_count, 1);
	ck_assert_str_eq(run->kernels[0].stale[0], "b");
	run_free(run);
}
END_TEST

/* An older answer of a cell that was run again and cut off is taken back */
START_TEST(an_answer_taken_back_stays_so)
{
	struct run *run = merged(
		TEXTS(BEGIN("k") WHOLE("k", FIRST) BEGIN("k") START("k", FIRST)
			      FINISH_AS("k", "interrupted"),
		      BEGIN("k") WHOLE("k", SECOND)));

	ck_assert_int_eq(run_find(run, "k", FIRST)->verdict, VERDICT_SKIPPED);
	ck_assert(!run_find(run, "k", FIRST)->finished);
	run_free(run);
}
END_TEST

START_TEST(other_kernels_are_refused)
{
	static const char *const first = GUEST("k", "1", "1") WHOLE("k", FIRST);

	assert_misfit(TEXTS(first, GUEST("k", "2", "1") WHOLE("k", SECOND)),
		      false, "another image");
	assert_misfit(TEXTS(first, GUEST("k", "1", "2") WHOLE("k", SECOND)),
		      false, "another configuration");
	assert_misfit(TEXTS(first, BEGIN("k") WHOLE("k", SECOND)), false,
		      "one is a guest");
	assert_misfit(TEXTS(BEGIN("k") WHOLE("k", FIRST),
			    BEGIN_OF("k", "\"boot\":\"there\"")
				    WHOLE("k", SECOND)),
		      false, "--any-boot");
	assert_misfit(TEXTS(BEGIN("k") WHOLE("k", FIRST),
			    BEGIN_OF("k", "\"boot\":\"there\"")
				    WHOLE("k", SECOND)),
		      true, "configuration is unknown");
	assert_misfit(TEXTS(COMMAND("vm", "\"append\":\"a\"", "")
				    GUEST("k", "1", "1") WHOLE("k", FIRST),
			    COMMAND("vm", "\"append\":null", "")
				    GUEST("k", "1", "1") WHOLE("k", SECOND)),
		      false, "--append");
}
END_TEST

START_TEST(boots_may_differ_where_the_user_says_so)
{
	struct bench bench = bench_begin(
		TEXTS(BEGIN_OF("k", "\"boot\":\"1\",\"config\":\"c\"")
			      WHOLE("k", FIRST),
		      BEGIN_OF("k", "\"boot\":\"2\",\"config\":\"c\"")
			      WHOLE("k", SECOND)));

	ck_assert_int_eq(merge_check(bench.parts, 2, true, &bench.error), 0);
	ck_assert_int_eq(merge_check(bench.parts, 2, false, &bench.error),
			 -EINVAL);
	bench_end(&bench);
}
END_TEST

START_TEST(misfits_are_refused)
{
	static const char *const first = BEGIN("k") WHOLE("k", FIRST);
	const char *two = "\"kernels\":[{\"input\":\"./bzImage\"},"
			  "{\"input\":\"6.1\"}]";
	cleanup_free char *half = NULL;

	assert_misfit(TEXTS(first, first), false, FIRST " on k");
	assert_misfit(
		TEXTS(first,
		      "{\"type\":\"begin\",\"schema\":1,\"gupcheck\":\"1\","
		      "\"kernel\":\"other\"}\n"),
		false, "gupcheck 1");
	assert_misfit(TEXTS(SHARD("1", "2", "2") BEGIN("k") WHOLE("k", FIRST)),
		      false, "shard 2/2 of it is missing");
	assert_misfit(TEXTS(SHARD("1", "2", "2") BEGIN("k") WHOLE("k", FIRST),
			    SHARD("2", "2", "2") BEGIN("l") WHOLE("l", SECOND)),
		      false, "shard 2/2 of it is missing");
	assert_misfit(TEXTS(SHARD("1", "2", "2") BEGIN("k") WHOLE("k", FIRST),
			    SHARD("2", "2", "9") BEGIN("k") WHOLE("k", SECOND)),
		      false, "another plan");
	ck_assert_int_gt(asprintf(&half,
				  "{\"type\":\"command\",\"command\":\"vm\","
				  "\"options\":{%s},\"cells\":[]}\n%s",
				  two, GUEST("k", "1", "1") WHOLE("k", FIRST)),
			 0);
	assert_misfit(TEXTS(half), false, "vm --resume");
}
END_TEST

UNIT_MAIN("merge", shards_make_one_run, kernels_make_one_run,
	  one_bad_canary_spoils_all, no_answer_needs_no_canary,
	  one_without_end_leaves_all_without, one_cut_off_stays_cut_off,
	  an_answer_taken_back_stays_so, rules_are_stale_that_are_so_in_all,
	  other_kernels_are_refused, boots_may_differ_where_the_user_says_so,
	  misfits_are_refused)
