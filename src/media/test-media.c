/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "base/unit.h"
#include "media/command.h"
#include "media/image.h"
#include "media/undo.h"

static char trace[16];
static char one[] = "1", two[] = "2", three[] = "3";

static int note(void *arg)
{
	strcat(trace, arg);
	return 0;
}

static int give_up(void *arg)
{
	strcat(trace, arg);
	return -EIO;
}

static void count_report(void *arg, const char *name, int ret)
{
	ck_assert_str_eq(name, "second");
	ck_assert_int_eq(ret, -EIO);
	++*(int *)arg;
}

START_TEST(undo_runs_backwards_and_does_not_stop)
{
	struct undo undo = {0};
	int reports = 0;

	undo_push(&undo, "first", note, one);
	undo_push(&undo, "second", give_up, two);
	undo_push(&undo, "third", note, three);
	ck_assert_uint_eq(undo_run(&undo, count_report, &reports), 1);
	ck_assert_str_eq(trace, "321");
	ck_assert_int_eq(reports, 1);
	ck_assert_uint_eq(undo_run(&undo, NULL, NULL), 0);
	ck_assert_str_eq(trace, "321");
}
END_TEST

START_TEST(a_failing_program_is_told_of)
{
	static const char *const absent[] = {"gupcheck-no-such-program", NULL};
	static const char *const failing[] = {"ls", NULL};
	static const char *const working[] = {"true", NULL};
	struct error error = {0};

	ck_assert_int_eq(command_run(working, NULL, &error), 0);
	ck_assert_str_eq(error.text, "");
	ck_assert_int_eq(command_run(absent, NULL, &error), -ENOENT);
	ck_assert_ptr_nonnull(strstr(error.text, "gupcheck-no-such-program"));
	error.text[0] = '\0';
	ck_assert_int_eq(command_run(failing, "/no/such/folder", &error), -EIO);
	ck_assert_ptr_nonnull(strstr(error.text, "/no/such/folder"));
}
END_TEST

START_TEST(a_status_is_no_signal)
{
	const char *const high[] = {"sh", "-c", "echo a; echo b; exit 255",
				    NULL};
	const char *const killed[] = {"sh", "-c", "kill -9 $$", NULL};
	const char *const absent[] = {"gupcheck-no-such-program", NULL};
	char words[16];

	ck_assert_int_eq(command_status(high, NULL, words, sizeof(words)), 255);
	ck_assert_str_eq(words, "a b ");
	ck_assert_int_eq(command_status(killed, NULL, words, sizeof(words)),
			 COMMAND_SIGNALED + 9);
	ck_assert_int_eq(command_status(absent, NULL, words, sizeof(words)),
			 127);
}
END_TEST

START_TEST(copies_are_sparse_and_equal)
{
	char from[] = "/tmp/gupcheck-test-XXXXXX", to[64], a[8], b[8];
	int in = mkstemp(from), out;
	struct stat st;

	snprintf(to, sizeof(to), "%s.copy", from);
	ck_assert_int_eq(ftruncate(in, 64 << 20), 0);
	ck_assert_int_eq(pwrite(in, "gupcheck", 8, 5 << 20), 8);
	out = image_copy(from, to);
	ck_assert_int_ge(out, 0);
	ck_assert_int_eq(pread(out, a, 8, 5 << 20), 8);
	ck_assert_mem_eq(a, "gupcheck", 8);
	ck_assert_int_eq(pread(out, b, 8, 6 << 20), 8);
	ck_assert_mem_eq(b, "\0\0\0\0\0\0\0", 8);
	ck_assert_int_eq(fstat(out, &st), 0);
	ck_assert_int_eq(st.st_size, 64 << 20);
	ck_assert_int_lt(st.st_blocks * 512, 4 << 20);
	close(in);
	close(out);
	unlink(from);
	unlink(to);
}
END_TEST

UNIT_MAIN("media", undo_runs_backwards_and_does_not_stop,
	  a_failing_program_is_told_of, a_status_is_no_signal,
	  copies_are_sparse_and_equal)
