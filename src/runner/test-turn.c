/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/unit.h"
#include "runner/turn.h"

#define NAME "gupcheck-test"

static int told;

static void tell(void)
{
	told++;
}

/* A process that has the turn, and keeps it until it is killed */
static pid_t start_holder(void)
{
	int ends[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		if (turn_wait(NAME, NULL) < 0 || write(ends[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	return pid;
}

START_TEST(the_turn_is_had_at_once_when_nobody_has_it)
{
	int first = turn_wait(NAME, tell);

	ck_assert_int_ge(first, 0);
	close(first);
	first = turn_wait(NAME, tell);
	ck_assert_int_ge(first, 0);
	close(first);
	ck_assert_int_eq(told, 0);
}
END_TEST

START_TEST(the_turn_comes_when_its_holder_is_killed)
{
	pid_t holder = start_holder(), killer = fork();
	int turn;

	if (!killer) {
		/* while the other side waits, or before: both must do */
		kill(holder, SIGKILL);
		_exit(0);
	}
	turn = turn_wait(NAME, tell);
	ck_assert_int_ge(turn, 0);
	ck_assert_int_eq(waitpid(holder, NULL, 0), holder);
	waitpid(killer, NULL, 0);
	close(turn);
}
END_TEST

static void on_alarm(int number)
{
}

START_TEST(a_signal_ends_the_wait)
{
	struct sigaction action = {.sa_handler = on_alarm};
	pid_t holder = start_holder();

	sigaction(SIGALRM, &action, NULL);
	alarm(1);
	ck_assert_int_eq(turn_wait(NAME, tell), -EINTR);
	ck_assert_int_eq(told, 1);
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
}
END_TEST

UNIT_MAIN("turn", the_turn_is_had_at_once_when_nobody_has_it,
	  the_turn_comes_when_its_holder_is_killed, a_signal_ends_the_wait)
