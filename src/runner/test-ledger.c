/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "runner/ledger-undo.h"
#include "runner/sweep.h"

/* A folder of its own for each test; every test is a process */
static char base[] = "/tmp/gupcheck-ledger-XXXXXX";
static char folder[64], setting[64];
static char told[4096];

static void tell(void *arg, const char *line)
{
	size_t len = strlen(told);

	snprintf(told + len, sizeof(told) - len, "%s\n", line);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	ck_assert_int_eq(fclose(file), 0);
}

static long read_setting(void)
{
	FILE *file = fopen(setting, "re");
	long value = -1;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%ld", &value), 1);
	fclose(file);
	return value;
}

/* The folder of a run, open; the setting holds @value */
static int begin(long value, struct ledger **ret)
{
	char text[32];
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(base));
	snprintf(folder, sizeof(folder), "%s/gupcheck-abcdef", base);
	snprintf(setting, sizeof(setting), "%s/setting", base);
	snprintf(text, sizeof(text), "%ld\n", value);
	write_text(setting, text);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ledger_create(fd, folder, ret), 0);
	return fd;
}

static void run_sweep(bool dry_run)
{
	struct ledger_how how = {.dry_run = dry_run, .tell = tell};

	told[0] = '\0';
	ck_assert_int_eq(sweep(base, &how), 0);
}

static void assert_told(const char *part)
{
	ck_assert_msg(strstr(told, part), "no '%s' in: %s", part, told);
}

static void finish(void)
{
	unlink(setting);
	rmdir(folder);
	ck_assert_int_eq(rmdir(base), 0);
}

START_TEST(notes_are_read_back)
{
	struct ledger *ledger = NULL;
	int fd = begin(0, &ledger);

	ck_assert_int_eq(ledger_note(ledger, "module", "xfs", 0, 0), 0);
	ck_assert_int_eq(ledger_note(ledger, "setting", "/a\nb", 3, 2), 0);
	ck_assert_int_eq(ledger_note(ledger, "setting", "/a\nb", 5, 2), 0);
	ck_assert_int_eq(ledger_note(ledger, "module", "loop", 0, 0), 0);
	ck_assert_int_eq(ledger_forget(ledger, "module", "xfs"), 0);
	ck_assert_int_eq(ledger_forget(ledger, "module", "never"), 0);
	ck_assert_int_eq(ledger_forget(ledger, "setting", "/a\nb"), 0);
	ledger_close(ledger);
	ck_assert_int_eq(ledger_create(fd, folder, &ledger), -EEXIST);

	ck_assert_int_eq(ledger_open(fd, folder, &ledger), 0);
	ck_assert(ledger->same_boot);
	ck_assert_int_eq(ledger->pid, getpid());
	ck_assert_uint_eq(ledger->count, 2);
	ck_assert_str_eq(ledger->entries[0].kind, "setting");
	ck_assert_str_eq(ledger->entries[0].name, "/a\nb");
	ck_assert_int_eq(ledger->entries[0].value, 3);
	ck_assert_int_eq(ledger->entries[0].amount, 2);
	ck_assert_str_eq(ledger->entries[1].name, "loop");
	ledger_close(ledger);
	ck_assert_int_eq(ledger_open(fd, "/elsewhere", &ledger), -EINVAL);
	ck_assert_int_eq(ledger_note(NULL, "module", "x", 0, 0), 0);
	ck_assert_int_eq(ledger_forget(NULL, "module", "x"), 0);
	ck_assert_ptr_null(ledger_close(NULL));
	ck_assert_int_eq(unlinkat(fd, LEDGER_NAME, 0), 0);
	finish();
}
END_TEST

START_TEST(a_torn_ledger_is_read_up_to_there)
{
	static const char torn[] =
		"{\"type\":\"note\",\"kind\":\"module\",\"na\0\0\0";
	struct ledger *ledger = NULL;
	int fd = begin(0, &ledger);

	ck_assert_int_eq(ledger_note(ledger, "module", "xfs", 0, 0), 0);
	ck_assert_int_eq(write(ledger->fd, torn, sizeof(torn)), sizeof(torn));
	ledger_close(ledger);
	ck_assert_int_eq(ledger_open(fd, folder, &ledger), 0);
	ck_assert_uint_eq(ledger->count, 1);
	ledger_close(ledger);
	ck_assert_int_eq(unlinkat(fd, LEDGER_NAME, 0), 0);
	finish();
}
END_TEST

START_TEST(settings_go_back_newest_first)
{
	struct ledger *ledger = NULL;
	int fd = begin(7, &ledger);

	ck_assert_int_eq(ledger_note(ledger, "setting", setting, 3, 2), 0);
	ck_assert_int_eq(ledger_note(ledger, "setting", setting, 5, 2), 0);
	ledger_close(ledger);
	close(fd);
	run_sweep(true);
	assert_told("would set ");
	assert_told("back from 7 to 5");
	assert_told("back from 5 to 3");
	assert_told("would remove folder");
	ck_assert_int_eq(read_setting(), 7);
	run_sweep(false);
	assert_told("set ");
	ck_assert_int_eq(read_setting(), 3);
	ck_assert_int_eq(access(folder, F_OK), -1);
	run_sweep(false);
	ck_assert_str_eq(told, "");
	finish();
}
END_TEST

START_TEST(what_somebody_else_has_set_stays)
{
	struct ledger *ledger = NULL;
	int fd = begin(100, &ledger);

	ck_assert_int_eq(ledger_note(ledger, "setting", setting, 3, 2), 0);
	ck_assert_int_eq(ledger_note(ledger, "setting", "/no/such", 0, 1), 0);
	ck_assert_int_eq(ledger_note(ledger, "module", "no_such", 0, 0), 0);
	ck_assert_int_eq(
		ledger_note(ledger, "cgroup", "/sys/fs/cgroup/init", 0, 0), 0);
	ledger_close(ledger);
	close(fd);
	run_sweep(false);
	assert_told("it is 100, and was left at 5");
	assert_told("left cgroup /sys/fs/cgroup/init: not one of ours");
	ck_assert_int_eq(read_setting(), 100);
	ck_assert_int_eq(access(folder, F_OK), -1);
	finish();
}
END_TEST

START_TEST(another_boot_has_nothing_to_undo)
{
	char path[80], text[512];
	struct ledger *ledger = NULL;
	int fd = begin(5, &ledger);

	ledger_close(ledger);
	snprintf(path, sizeof(path), "%s/" LEDGER_NAME, folder);
	snprintf(text, sizeof(text),
		 "{\"type\":\"begin\",\"schema\":1,\"boot\":\"x\",\"pid\":1,"
		 "\"folder\":\"%s\"}\n{\"type\":\"note\",\"kind\":\"setting\","
		 "\"name\":\"%s\",\"value\":3,\"amount\":2}\n",
		 folder, setting);
	write_text(path, text);
	close(fd);
	run_sweep(false);
	ck_assert_int_eq(read_setting(), 5);
	ck_assert_int_eq(access(folder, F_OK), -1);
	finish();
}
END_TEST

START_TEST(living_runs_are_left_alone)
{
	struct ledger *ledger = NULL;
	int fd = begin(5, &ledger), other;
	char path[80];

	ck_assert_int_eq(ledger_note(ledger, "setting", setting, 3, 2), 0);
	ledger_close(ledger);
	/* another one lives: what it may need is left for later */
	snprintf(path, sizeof(path), "%s/gupcheck-ghijkl", base);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	other = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(flock(other, LOCK_EX), 0);
	run_sweep(false);
	assert_told("gupcheck-ghijkl: its run is under way");
	assert_told("setting: a run is under way");
	ck_assert_int_eq(read_setting(), 5);
	/* and this one itself */
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	run_sweep(false);
	assert_told("gupcheck-abcdef: its run is under way");
	ck_assert_int_eq(access(folder, F_OK), 0);
	close(fd);
	close(other);
	run_sweep(false);
	ck_assert_int_eq(read_setting(), 3);
	ck_assert_int_eq(access(folder, F_OK), -1);
	ck_assert_int_eq(access(path, F_OK), -1);
	finish();
}
END_TEST

/* Makes folder/NAME, with a file in it */
static void make_content(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/%s/file", folder, name);
	write_text(path, "x");
}

START_TEST(folders_go_with_what_is_in_them)
{
	struct ledger *ledger = NULL;
	int fd = begin(5, &ledger);
	char path[128];

	ledger_close(ledger);
	close(fd);
	make_content("device");
	/* what a link points to stays */
	snprintf(path, sizeof(path), "%s/link", folder);
	ck_assert_int_eq(symlink(base, path), 0);
	run_sweep(false);
	assert_told("removed folder");
	ck_assert_int_eq(access(folder, F_OK), -1);
	ck_assert_int_eq(read_setting(), 5);
	finish();
}
END_TEST

START_TEST(what_no_ledger_names_stays)
{
	struct ledger *ledger = NULL;
	int fd = begin(5, &ledger);
	char path[128];

	/* a folder of somebody's, with his data */
	ledger_close(ledger);
	ck_assert_int_eq(unlinkat(fd, LEDGER_NAME, 0), 0);
	make_content("data");
	run_sweep(false);
	assert_told("no ledger of ours names it");
	/* a ledger that was moved here */
	snprintf(path, sizeof(path), "%s/" LEDGER_NAME, folder);
	write_text(path, "{\"type\":\"begin\",\"schema\":1,\"boot\":\"x\","
			 "\"folder\":\"/elsewhere\"}\n");
	run_sweep(false);
	assert_told("no ledger of ours names it");
	/* open to others, or not a folder at all */
	ck_assert_int_eq(chmod(folder, 0755), 0);
	run_sweep(false);
	ck_assert_str_eq(told, "");
	snprintf(path, sizeof(path), "%s/gupcheck-linked", base);
	ck_assert_int_eq(symlink(folder, path), 0);
	run_sweep(false);
	ck_assert_str_eq(told, "");
	unlink(path);
	ck_assert_int_eq(chmod(folder, 0700), 0);
	snprintf(path, sizeof(path), "%s/data/file", folder);
	ck_assert_int_eq(access(path, F_OK), 0);
	ck_assert_int_eq(sweep_remove(AT_FDCWD, folder, fd), 0);
	finish();
}
END_TEST

UNIT_MAIN("ledger", notes_are_read_back, a_torn_ledger_is_read_up_to_there,
	  settings_go_back_newest_first, what_somebody_else_has_set_stays,
	  another_boot_has_nothing_to_undo, living_runs_are_left_alone,
	  folders_go_with_what_is_in_them, what_no_ledger_names_stays)
