/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The host's side against guests that misbehave. This program is both ends: it
 * is found as the emulator in PATH too, and then plays the guest.
 */

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "runner/record.h"
#include "vm/test-guest.h"
#include "vm/vm.h"

/** struct bench - one run against a fake guest */
struct bench {
	struct plan plan;
	struct run *run;
	struct error error;
	unsigned int boots;
	int ret;
};

/* This program becomes the emulator, and any file the guest program. */
static void set_up(const char *folder, const char *mode)
{
	char path[PATH_MAX], self[PATH_MAX] = "";

	snprintf(path, sizeof(path), "%s/%s", folder, arch_host()->qemu);
	ck_assert_int_gt(readlink("/proc/self/exe", self, sizeof(self) - 1), 0);
	ck_assert_int_eq(symlink(self, path), 0);
	snprintf(path, sizeof(path), "%s/gupcheck-guest", folder);
	test_write(path, "#!", 2);
	snprintf(path, sizeof(path), "%s/boots", folder);
	setenv("FAKE_BOOTS", path, 1);
	setenv("FAKE_GUEST", mode, 1);
	setenv("PATH", folder, 1);
	setenv("GUPCHECK_LIBEXEC", folder, 1);
}

static void run_against(const char *mode, struct bench *bench)
{
	static const char *const globs[] = {"vmsplice/*/*", "o_direct/tmpfs/*"};
	const char *folder = test_folder();
	struct kernel kernel = {
		.input = (char *)"fake",
		.release = TEST_RELEASE,
		.image = {.elf = (char *)"/nonexistent"},
	};
	struct vm_options options = {
		.arch = arch_host(),
		.kernel = &kernel,
		.output = folder,
		.accel = ACCEL_TCG,
		.memory_mib = 1024,
	};
	struct journal *journal = NULL;
	struct stat st;

	memset(bench, 0, sizeof(*bench));
	set_up(folder, mode);
	ck_assert_int_eq(plan_build(globs, 2, &bench->plan, &bench->error), 0);
	ck_assert_uint_ge(bench->plan.count, 4);
	ck_assert_int_eq(journal_create(&journal, folder, &bench->error), 0);
	bench->ret =
		vm_run(&options, &bench->plan, journal, NULL, &bench->error);
	journal_close(journal);
	if (!bench->ret)
		ck_assert_int_eq(
			journal_load(folder, &bench->run, &bench->error), 0);
	bench->boots =
		stat(getenv("FAKE_BOOTS"), &st) ? 0 : (unsigned int)st.st_size;
}

/* Every cell has an end record: @bad for BAD_CELL, safe for the others. */
static void assert_verdicts(const char *mode, enum verdict bad,
			    const char *reason, unsigned int boots)
{
	struct bench bench;

	run_against(mode, &bench);
	ck_assert_msg(!bench.ret, "%s", bench.error.text);
	ck_assert_uint_eq(bench.boots, boots);
	ck_assert_uint_eq(bench.run->kernel_count, 1);
	ck_assert(bench.run->kernels[0].canary_seen);
	ck_assert(bench.run->kernels[0].finished);
	ck_assert_str_eq(bench.run->kernels[0].accelerator, "tcg");
	ck_assert_uint_eq(bench.run->record_count, bench.plan.count);
	for (size_t i = 0; i < bench.run->record_count; i++) {
		const struct record *record = &bench.run->records[i];

		ck_assert_msg(record->finished, "%s", record->id);
		ck_assert_int_eq(record->verdict,
				 i == BAD_CELL ? bad : VERDICT_SAFE);
		if (i == BAD_CELL)
			ck_assert_msg(strstr(record->reason, reason) != NULL,
				      "%s", record->reason);
	}
	run_free(bench.run);
	plan_done(&bench.plan);
}

/* No guest comes up: one line, and nothing recorded. */
static void assert_no_guest(const char *mode, const char *part)
{
	struct bench bench;
	char path[PATH_MAX];
	struct stat st;

	run_against(mode, &bench);
	ck_assert_int_lt(bench.ret, 0);
	ck_assert_msg(strstr(bench.error.text, part) != NULL &&
			      !strncmp(bench.error.text, "fake: ", 6),
		      "%s", bench.error.text);
	ck_assert_ptr_null(strchr(bench.error.text, '\n'));
	snprintf(path, sizeof(path), "%s/journal.jsonl", test_folder_path);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, 0);
	plan_done(&bench.plan);
}

START_TEST(good_guest)
{
	assert_verdicts("good", VERDICT_SAFE, "", 1);
}
END_TEST

START_TEST(panic_costs_one_cell)
{
	assert_verdicts("panic", VERDICT_OOPS, "Kernel panic - not syncing", 2);
}
END_TEST

START_TEST(hung_task_before_the_end_is_hung)
{
	assert_verdicts("stall", VERDICT_HUNG, "blocked for more than", 2);
}
END_TEST

START_TEST(death_of_process_1_is_ours)
{
	assert_verdicts("init-panic", VERDICT_BROKEN, "runner", 2);
}
END_TEST

START_TEST(guest_that_vanishes_costs_one_cell)
{
	assert_verdicts("vanish", VERDICT_VANISHED, "without a word", 2);
}
END_TEST

START_TEST(runner_that_dies_is_broken)
{
	assert_verdicts("runner-died", VERDICT_BROKEN, "signal 11", 2);
}
END_TEST

START_TEST(hang_wants_a_fresh_guest)
{
	assert_verdicts("hung", VERDICT_HUNG, "", 2);
}
END_TEST

START_TEST(lost_record_is_broken)
{
	assert_verdicts("lost-end", VERDICT_BROKEN, "lost", 1);
}
END_TEST

START_TEST(cut_frame_is_told)
{
	struct bench bench;

	run_against("cut", &bench);
	ck_assert_int_eq(bench.ret, 0);
	ck_assert_msg(
		strstr(bench.run->kernels[0].finish_reason, "cut") ||
			strstr(bench.run->kernels[0].finish_reason, "died"),
		"%s", bench.run->kernels[0].finish_reason);
	ck_assert_int_eq(bench.run->records[BAD_CELL].verdict,
			 VERDICT_VANISHED);
	run_free(bench.run);
	plan_done(&bench.plan);
}
END_TEST

START_TEST(noise_is_told)
{
	struct bench bench;

	run_against("noise", &bench);
	ck_assert_int_eq(bench.ret, 0);
	ck_assert_msg(strstr(bench.run->kernels[0].finish_reason,
			     "damaged frame") != NULL,
		      "%s", bench.run->kernels[0].finish_reason);
	run_free(bench.run);
	plan_done(&bench.plan);
}
END_TEST

START_TEST(forged_end_is_not_taken)
{
	assert_verdicts("forged", VERDICT_EXPOSED, "", 1);
}
END_TEST

START_TEST(guest_without_cells_is_given_up)
{
	struct bench bench;

	run_against("no-cell", &bench);
	ck_assert_int_eq(bench.ret, 0);
	ck_assert_uint_eq(bench.boots, 2);
	ck_assert_int_eq(
		strncmp(bench.run->kernels[0].finish_reason, "given up", 8), 0);
	for (size_t i = 0; i < bench.run->record_count; i++)
		ck_assert(!bench.run->records[i].finished);
	ck_assert_int_eq(run_exit_code(bench.run, false), 1);
	run_free(bench.run);
	plan_done(&bench.plan);
}
END_TEST

/* Runs the journal of @bench on against a good guest, named @release before */
static int resume(struct bench *bench, const char *release)
{
	struct kernel kernel = {
		.input = (char *)"fake",
		.release = TEST_RELEASE,
		.image = {.elf = (char *)"/nonexistent"},
	};
	struct vm_options options = {
		.arch = arch_host(),
		.kernel = &kernel,
		.output = test_folder_path,
		.accel = ACCEL_TCG,
		.memory_mib = 1024,
		.name = release,
	};
	struct journal *journal = NULL;
	struct run *before = NULL;
	int ret;

	setenv("FAKE_GUEST", "good", 1);
	ck_assert_int_eq(journal_resume(&journal, test_folder_path, &before,
					&bench->error),
			 0);
	options.resumed = before;
	ret = vm_run(&options, &bench->plan, journal, NULL, &bench->error);
	journal_close(journal);
	run_free(before);
	return ret;
}

/* How often a cell was started, in the journal */
static unsigned int starts(const char *id)
{
	char path[PATH_MAX], line[65536];
	unsigned int count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/" JOURNAL_NAME, test_folder_path);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		count += strstr(line, "\"start\"") && strstr(line, id);
	fclose(file);
	return count;
}

START_TEST(resumed_run_goes_on_where_it_was)
{
	struct bench bench;
	struct run *run = NULL;
	char id[CELL_ID_SIZE + 2];
	unsigned int before;

	/* every cell has its end: nothing is run again */
	run_against("panic", &bench);
	ck_assert_int_eq(bench.ret, 0);
	snprintf(id, sizeof(id), "\"%s\"", bench.run->records[BAD_CELL].id);
	before = starts(id);
	ck_assert_int_eq(resume(&bench, TEST_RELEASE), 0);
	ck_assert_int_eq(journal_load(test_folder_path, &run, NULL), 0);
	ck_assert_uint_eq(starts(id), before);
	ck_assert_uint_eq(run->kernel_count, 1);
	ck_assert_uint_eq(run->record_count, bench.run->record_count);
	ck_assert_int_eq(run->records[BAD_CELL].verdict, VERDICT_OOPS);
	ck_assert(run_kernel_complete(run, &run->kernels[0]));
	run_free(run);
	run_free(bench.run);
	plan_done(&bench.plan);
}
END_TEST

START_TEST(resumed_run_makes_good_what_was_given_up)
{
	struct bench bench;
	struct run *run = NULL;

	run_against("no-cell", &bench);
	ck_assert_int_eq(bench.ret, 0);
	ck_assert(!run_kernel_complete(bench.run, &bench.run->kernels[0]));
	ck_assert_int_lt(resume(&bench, "0.1-other"), 0);
	ck_assert_ptr_nonnull(
		strstr(bench.error.text, "was begun on 0.1-other"));
	ck_assert_int_eq(resume(&bench, TEST_RELEASE), 0);
	ck_assert_int_eq(journal_load(test_folder_path, &run, NULL), 0);
	ck_assert(run_kernel_complete(run, &run->kernels[0]));
	for (size_t i = 0; i < run->record_count; i++)
		ck_assert_int_eq(run->records[i].verdict, VERDICT_SAFE);
	run_free(run);
	run_free(bench.run);
	plan_done(&bench.plan);
}
END_TEST

START_TEST(second_of_a_release_has_a_name_of_its_own)
{
	struct bench bench;
	struct run *run = NULL;
	char name[VM_NAME_SIZE];

	vm_name(TEST_RELEASE, 1, name);
	ck_assert_str_eq(name, TEST_RELEASE);
	vm_name(TEST_RELEASE, 2, name);
	ck_assert_str_eq(name, TEST_RELEASE "~2");
	ck_assert(vm_name_fits(name, TEST_RELEASE));
	ck_assert(!vm_name_fits(TEST_RELEASE "~", TEST_RELEASE));
	ck_assert(!vm_name_fits(TEST_RELEASE "~2x", TEST_RELEASE));
	ck_assert(!vm_name_fits("6.1", TEST_RELEASE));

	run_against("panic", &bench);
	ck_assert_int_eq(resume(&bench, name), 0);
	ck_assert_int_eq(journal_load(test_folder_path, &run, NULL), 0);
	ck_assert_uint_eq(run->kernel_count, 2);
	ck_assert_str_eq(run->kernels[1].release, name);
	ck_assert(run->kernels[1].canary_seen && run->kernels[1].finished);
	ck_assert_uint_eq(run->record_count, 2 * bench.plan.count);
	ck_assert_int_eq(run->records[BAD_CELL].verdict, VERDICT_OOPS);
	ck_assert_str_eq(run->records[bench.plan.count].kernel, name);
	ck_assert_int_eq(run->records[bench.plan.count + BAD_CELL].verdict,
			 VERDICT_SAFE);
	run_free(run);
	run_free(bench.run);
	plan_done(&bench.plan);
}
END_TEST

START_TEST(kernel_that_never_comes_up)
{
	assert_no_guest("no-init", "before the guest was up");
}
END_TEST

START_TEST(emulator_that_dies)
{
	assert_no_guest("dead", "QEMU ended");
}
END_TEST

START_TEST(guest_program_of_another_version)
{
	assert_no_guest("old", "version 0");
}
END_TEST

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		good_guest,
		panic_costs_one_cell,
		hung_task_before_the_end_is_hung,
		death_of_process_1_is_ours,
		guest_that_vanishes_costs_one_cell,
		runner_that_dies_is_broken,
		hang_wants_a_fresh_guest,
		lost_record_is_broken,
		cut_frame_is_told,
		noise_is_told,
		forged_end_is_not_taken,
		guest_without_cells_is_given_up,
		resumed_run_goes_on_where_it_was,
		resumed_run_makes_good_what_was_given_up,
		second_of_a_release_has_a_name_of_its_own,
		kernel_that_never_comes_up,
		emulator_that_dies,
		guest_program_of_another_version,
	};

	if (getenv("FAKE_GUEST"))
		return play_guest();
	/* there is an emulator to be played on known machines only */
	if (!arch_host())
		return 77;
	return unit_run("vm", tests, sizeof(tests) / sizeof(tests[0]));
}
