/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole program on its own fakes: every verdict, every way to have none,
 * each on purpose. Prints TAP 13, which meson reads.
 */
#include <limits.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include "base/cleanup.h"
#include "programs/commands.h"
#include "programs/options.h"
#include "runner/begin.h"
#include "runner/run.h"

/* Makes the limits so short that a device that hangs is seen to, soon */
#define HANG_FACTOR 0.05

static const struct expected {
	const char *id;
	enum verdict verdict;
	enum outcome outcome;
	const char *reason; /* part of it */
	bool root; /* without root it is skipped */
} table[] = {
	{"fake_safe/fake_dir/fsync_after_unpin", VERDICT_SAFE,
	 OUTCOME_AS_EXPECTED, "every promise kept"},
	{"fake_refused/fake_dir/admission", VERDICT_REFUSED,
	 OUTCOME_AS_EXPECTED, "EFAULT"},
	{"fake_overrefused/fake_dir/admission", VERDICT_REFUSED,
	 OUTCOME_UNEXPECTED, "EFAULT"},
	{"fake_exposed/fake_dir/admission", VERDICT_EXPOSED, OUTCOME_UNEXPECTED,
	 "was accepted"},
	{"fake_corrupt/fake_dir/fsync_after_unpin", VERDICT_CORRUPT,
	 OUTCOME_UNEXPECTED, "shows old data"},
	{"fake_late/fake_dir/fsync_after_unpin", VERDICT_BROKEN, OUTCOME_NONE,
	 "did not land"},
	{"fake_forge_results/fake_dir/fsync_after_unpin", VERDICT_BROKEN,
	 OUTCOME_NONE, ""},
	{"fake_forge_log/fake_dir/fsync_after_unpin", VERDICT_BROKEN,
	 OUTCOME_NONE, "a program, not the kernel", true},
	{"fake_leak_memory/fake_dir/fsync_after_unpin", VERDICT_BROKEN,
	 OUTCOME_NONE, "stay locked"},
	{"fake_leak_pin/fake_dir/fsync_after_unpin", VERDICT_BROKEN,
	 OUTCOME_NONE, "page references more are pinned", true},
	{"fake_skip/fake_dir/admission", VERDICT_SKIPPED, OUTCOME_NONE,
	 "never has what it needs"},
	{"fake_silent/fake_dir/fsync_after_unpin", VERDICT_BROKEN, OUTCOME_NONE,
	 "did not land"},
	{"fake_astray/fake_dir/admission", VERDICT_BROKEN, OUTCOME_NONE,
	 "did not land"},
	{"fake_crash/fake_dir/admission", VERDICT_BROKEN, OUTCOME_NONE,
	 "signal 6"},
	{"fake_odd_errno/fake_dir/admission", VERDICT_BROKEN, OUTCOME_NONE,
	 "EXDEV"},
	{"fake_control_fails/fake_dir/admission", VERDICT_BROKEN, OUTCOME_NONE,
	 "control pin"},
	{"fake_hang/fake_dir/admission", VERDICT_HUNG, OUTCOME_NONE,
	 "did not return"},
};

#define TABLE_COUNT (sizeof(table) / sizeof(table[0]))

static unsigned int number, failures;

static void result(bool ok, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void result(bool ok, const char *name, const char *format, ...)
{
	va_list args;

	printf("%sok %u %s\n", ok ? "" : "not ", ++number, name);
	failures += !ok;
	if (ok)
		return;
	fputs("# ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static int run_one(const char *dir, const char *id, struct error *error)
{
	struct run_options options = {
		.release = "selftest",
		.limit_factor = strstr(id, "hang") ? HANG_FACTOR : 1,
	};
	struct plan plan;
	int ret = plan_build(&id, 1, &plan, error);

	if (ret)
		return ret;
	ret = journal_create(&options.journal, dir, error);
	if (!ret)
		ret = begin_write(options.journal, &plan,
				  &(struct begin){.release = options.release,
						  .machine = "none",
						  .accelerator = "native"});
	if (!ret)
		ret = run_plan(&plan, &options, error);
	journal_close(options.journal);
	plan_done(&plan);
	return ret;
}

static void compare(const struct expected *expected, const struct run *run)
{
	const struct record *record = run_find(run, "selftest", expected->id);
	bool skipped = expected->root && geteuid();

	if (!record)
		result(false, expected->id, "no record");
	else if (skipped)
		result(record->verdict == VERDICT_SKIPPED, expected->id,
		       "not skipped without root");
	else
		result(record->verdict == expected->verdict &&
			       record->outcome == expected->outcome &&
			       strstr(record->reason, expected->reason),
		       expected->id, "%s, %s: %s",
		       verdict_to_string(record->verdict),
		       outcome_to_string(record->outcome), record->reason);
}

static void check_canary(const struct run *run, const char *id)
{
	if (!run->kernel_count || !run->kernels[0].canary_seen ||
	    run->kernels[0].canary != VERDICT_CORRUPT)
		result(false, id, "the canary was not seen to be corrupt");
}

static void remove_journal(const char *dir)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/journal.jsonl", dir);
	unlink(path);
	rmdir(dir);
}

static int pin_page(void)
{
	struct iovec buffer = {.iov_len = (size_t)getpagesize()};
	struct io_uring_params params = {0};
	int ring = (int)syscall(SYS_io_uring_setup, 1, &params);

	if (ring < 0 ||
	    posix_memalign(&buffer.iov_base, buffer.iov_len, buffer.iov_len))
		return -1;
	return (int)syscall(SYS_io_uring_register, ring,
			    IORING_REGISTER_BUFFERS, &buffer, 1);
}

static _Noreturn void hold_pin(int listener)
{
	int fd = accept(listener, NULL, NULL);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd >= 0 && !pin_page() && write(fd, "", 1) == 1)
		pause();
	_exit(1);
}

/* For fake_leak_pin: a process that pins a page when a cell asks for it */
static pid_t start_leak(const char *base)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/leak", base);
	setenv("GUPCHECK_LEAK", address.sun_path, 1);
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, 1) < 0)
		return -1;
	pid = fork();
	if (!pid)
		hold_pin(fd);
	return pid;
}

static void end_leak(pid_t pid)
{
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	unlink(getenv("GUPCHECK_LEAK"));
}

static void check_one(const struct expected *expected, const char *base)
{
	struct error error = {0};
	struct run *run = NULL;
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s/run", base);
	if (run_one(dir, expected->id, &error) < 0 ||
	    journal_load(dir, &run, &error) < 0) {
		result(false, expected->id, "%s", error.text);
	} else {
		compare(expected, run);
		check_canary(run, expected->id);
	}
	run_free(run);
	remove_journal(dir);
}

/* The run itself is killed while a cell runs */
static void check_vanished(const char *base)
{
	const char *id = "fake_hang/fake_dir/admission";
	const struct record *record = NULL;
	struct error error = {0};
	struct run *run = NULL;
	struct timespec tick = {.tv_nsec = 10000000};
	char dir[PATH_MAX];
	pid_t pid;

	snprintf(dir, sizeof(dir), "%s/killed", base);
	pid = fork();
	if (!pid) {
		run_one(dir, "fake_hang/fake_dir/admission", &error);
		_exit(0);
	}
	for (int i = 0; pid > 0 && i < 1000 && !(record && record->started);
	     i++) {
		nanosleep(&tick, NULL);
		run = run_free(run);
		if (!journal_load(dir, &run, NULL))
			record = run_find(run, "selftest", id);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	run = run_free(run);
	record = NULL;
	if (!journal_load(dir, &run, &error))
		record = run_find(run, "selftest", id);
	result(record && record->verdict == VERDICT_VANISHED &&
		       run_exit_code(run, false) == EXIT_UNEXPECTED,
	       "a run that is killed", "%s", error.text);
	run_free(run);
	remove_journal(dir);
}

int cmd_selftest(int argc, char **argv)
{
	char base[] = "/tmp/gupcheck-selftest-XXXXXX";
	struct error error = {0};
	pid_t leak;

	if (argc > 1) {
		puts("Usage: gupcheck selftest\n"
		     "Run the harness on its own fakes: each verdict, on purpose.\n"
		     "\n"
		     "Example: gupcheck selftest");
		return strcmp(argv[1], "--help") && strcmp(argv[1], "-h")
			       ? EXIT_BAD_USAGE
			       : EXIT_AS_EXPECTED;
	}
	if (!mkdtemp(base)) {
		error_set(&error, -errno, "%s:", base);
		return common_fail(&error, EXIT_HARNESS_BROKEN);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..%zu\n", TABLE_COUNT + 1);
	leak = start_leak(base);
	/* the next run sweeps away what a run that was killed has left */
	check_vanished(base);
	for (size_t i = 0; i < TABLE_COUNT; i++)
		check_one(&table[i], base);
	end_leak(leak);
	rmdir(base);
	return failures ? EXIT_UNEXPECTED : EXIT_AS_EXPECTED;
}
