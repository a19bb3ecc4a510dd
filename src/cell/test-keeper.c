/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/unit.h"
#include "cell/enclose.h"
#include "cell/keeper.h"

static char path[PATH_MAX];

static void make_setting(void)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/test-keeper-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "9\n", 2), 2);
	close(fd);
}

static void assert_setting(const char *expected)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY);

	ck_assert_int_ge(read(fd, text, sizeof(text) - 1), 0);
	close(fd);
	ck_assert_str_eq(text, expected);
}

/* The keeper is nobody's child: only its socket tells that it is through */
static void wait_for_keeper(int pipe_end)
{
	char byte;

	ck_assert_int_eq(read(pipe_end, &byte, 1), 0);
}

/* A cell that changes a setting, and does not come to its end */
static void die_with(void (*last_words)(struct keeper *keeper))
{
	int ends[2], status;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		struct keeper keeper;

		close(ends[0]);
		if (keeper_start(&keeper) < 0)
			_exit(1);
		last_words(&keeper);
		raise(SIGKILL);
	}
	close(ends[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	wait_for_keeper(ends[0]);
	close(ends[0]);
}

static void change(struct keeper *keeper)
{
	if (keeper_setting(keeper, path, 7) < 0)
		_exit(1);
}

static void change_and_put_back(struct keeper *keeper)
{
	change(keeper);
	if (keeper_setting_done(keeper, path) < 0)
		_exit(1);
}

/* There is nothing to thaw, but the keeper must hold on and let go */
static void freeze_and_change(struct keeper *keeper)
{
	if (keeper_freeze(keeper, "/tmp", 1000) < 0)
		_exit(1);
	change(keeper);
}

START_TEST(setting_is_put_back_after_a_death)
{
	make_setting();
	die_with(change);
	assert_setting("7\n");
	unlink(path);
}
END_TEST

START_TEST(what_was_put_back_is_left_alone)
{
	make_setting();
	die_with(change_and_put_back);
	assert_setting("9\n");
	unlink(path);
}
END_TEST

START_TEST(frozen_and_changed)
{
	make_setting();
	die_with(freeze_and_change);
	assert_setting("7\n");
	unlink(path);
}
END_TEST

START_TEST(wrong_requests_are_refused)
{
	struct keeper keeper = KEEPER_NONE;
	char longer[2 * KEEPER_PATH_SIZE];

	ck_assert_int_eq(keeper_thaw(&keeper), -ENOTCONN);
	ck_assert_int_eq(keeper_start(&keeper), 0);
	ck_assert_int_eq(keeper_thaw(&keeper), 0);
	ck_assert_int_eq(keeper_freeze(&keeper, "/nonexistent", 1), -ENOENT);
	ck_assert_int_eq(keeper_freeze(&keeper, "/tmp", 1000), 0);
	ck_assert_int_eq(keeper_freeze(&keeper, "/tmp", 1000), -EINVAL);
	ck_assert_int_eq(keeper_thaw(&keeper), 0);
	ck_assert_int_eq(keeper_freeze(&keeper, "/tmp", 0), 0);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	ck_assert_int_eq(keeper_setting(&keeper, longer, 1), -ENAMETOOLONG);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(keeper_setting(&keeper, "/nonexistent", 1), 0);
	ck_assert_int_eq(keeper_setting(&keeper, "/nonexistent", 1), -ENOSPC);
	/* one thing is held at a time; that it is not there harms nobody */
	ck_assert_int_eq(keeper_resume(&keeper), 0);
	ck_assert_int_eq(keeper_suspend(&keeper, "", 1000), -EINVAL);
	ck_assert_int_eq(keeper_suspend(&keeper, longer, 1000), -ENAMETOOLONG);
	ck_assert_int_eq(keeper_suspend(&keeper, "gupcheck-none", 1000), 0);
	ck_assert_int_eq(keeper_suspend(&keeper, "gupcheck-none", 1000),
			 -EINVAL);
	ck_assert_int_eq(keeper_freeze(&keeper, "/tmp", 1000), -EINVAL);
	ck_assert_int_eq(keeper_resume(&keeper), 0);
	ck_assert_int_eq(keeper_freeze(&keeper, "/tmp", 0), 0);
	keeper_stop(&keeper);
	ck_assert_int_eq(keeper_thaw(&keeper), -ENOTCONN);
	ck_assert_int_eq(keeper_resume(&keeper), -ENOTCONN);
}
END_TEST

/* How a child that encloses itself ends, seen from outside */
static int end_of(void (*run)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		int ret = enclose();

		if (ret == -EPERM || ret == -ENOSYS || ret == -EINVAL)
			_exit(77);
		if (ret < 0 || getpid() != 1)
			_exit(76);
		run();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static void end_with_three(void)
{
	_exit(3);
}

static void crash(void)
{
	/* the first process of a namespace can be ended from outside only, or
	 * by a fault of its own
	 */
	signal(SIGILL, SIG_DFL);
	__builtin_trap();
}

START_TEST(enclosed_end_is_the_end)
{
	int status = end_of(end_with_three);

	/* not root */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		return;
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 3);
}
END_TEST

START_TEST(enclosed_crash_is_a_crash)
{
	int status = end_of(crash);

	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		return;
	/* a sanitizer makes an exit of it */
	ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status));
}
END_TEST

/* What was left behind holds the pipe; nothing may */
static void leave_a_child(void)
{
	if (!fork())
		for (;;)
			pause();
	_exit(0);
}

START_TEST(enclosed_children_do_not_outlive_it)
{
	int ends[2], status;
	char byte;

	ck_assert_int_eq(pipe(ends), 0);
	status = end_of(leave_a_child);
	close(ends[1]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		return;
	ck_assert_int_eq(read(ends[0], &byte, 1), 0);
	close(ends[0]);
}
END_TEST

UNIT_MAIN("keeper", setting_is_put_back_after_a_death,
	  what_was_put_back_is_left_alone, frozen_and_changed,
	  wrong_requests_are_refused, enclosed_end_is_the_end,
	  enclosed_crash_is_a_crash, enclosed_children_do_not_outlive_it)
