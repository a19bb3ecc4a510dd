/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <unistd.h>

#include "vm/console.h"
#include "vm/test-image.h"

#define BOOT                                                   \
	"qemu: a word of its own\r\n"                          \
	"[    0.000000] Linux version 6.1.0-99-test (x@y)\r\n" \
	"[    0.100000] Command line: console=ttyS0\r\n"
#define WARNING \
	"[   12.000000] WARNING: CPU: 1 PID: 185 at fs/ext4/inode.c:3664 ext4_dirty_folio+0x28/0x30 [ext4]\r\n"

static int open_console(const char *text)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/console", test_folder());
	test_write(path, text, strlen(text));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	return fd;
}

START_TEST(kernel_is_seen_by_its_banner)
{
	int fd = open_console(BOOT);

	ck_assert(console_kernel_seen(fd));
	ck_assert_int_eq(console_size(fd), (off_t)strlen(BOOT));
	close(fd);
}
END_TEST

START_TEST(firmware_alone_is_no_kernel)
{
	int fd = open_console("Probing EDD (edd=off to disable)... ok\r\n");

	ck_assert(!console_kernel_seen(fd));
	close(fd);
}
END_TEST

START_TEST(trouble_is_found_behind_the_mark)
{
	int fd = open_console(BOOT WARNING "[   13.000000] fine\r\n");
	struct console_findings found;

	ck_assert_int_eq(console_classify(fd, 0, &found), 0);
	ck_assert_int_eq(found.worst, LOG_WARN);
	ck_assert_uint_eq(found.observation.count, 1);
	ck_assert_int_eq(
		strncmp(found.observation.facts[0].text, "WARNING: CPU", 12),
		0);
	ck_assert_ptr_null(strchr(found.observation.facts[0].text, '\r'));
	ck_assert(!found.init_died);
	observation_done(&found.observation);

	ck_assert_int_eq(
		console_classify(fd, (off_t)strlen(BOOT WARNING), &found), 0);
	ck_assert_int_eq(found.worst, LOG_HARMLESS);
	ck_assert_uint_eq(found.observation.count, 0);
	/* twice: a reader leaves the place of others alone */
	ck_assert_int_eq(console_classify(fd, 0, &found), 0);
	ck_assert_int_eq(found.worst, LOG_WARN);
	observation_done(&found.observation);
	close(fd);
}
END_TEST

START_TEST(death_of_process_1_is_told)
{
	int fd = open_console(
		BOOT
		"[   20.1] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b\r\n");
	struct console_findings found;

	ck_assert_int_eq(console_classify(fd, 0, &found), 0);
	ck_assert_int_eq(found.worst, LOG_PANIC);
	ck_assert(found.init_died);
	observation_done(&found.observation);
	close(fd);
}
END_TEST

START_TEST(last_line_skips_blank_ones)
{
	char line[32];
	int fd = open_console(BOOT "last words\r\n\r\n \n");

	console_last_line(fd, line, sizeof(line));
	ck_assert_str_eq(line, "last words");
	close(fd);
}
END_TEST

START_TEST(begin_of_a_cell_is_found)
{
	static const char before[] = BOOT "[ 1.0] gupcheck: begin a/b/c\r\n";
	int fd = open_console(BOOT "[ 1.0] gupcheck: begin a/b/c\r\n" WARNING
				   "[ 2.0] gupcheck: begin a/b/c@v\r\n");

	ck_assert_int_eq(console_find_begin(fd, 0, "a/b/c"),
			 (off_t)strlen(before));
	ck_assert_int_eq(console_find_begin(fd, 5, "a/b"), 5);
	ck_assert_int_eq(console_find_begin(fd, 0, "a/b/c@v"),
			 console_size(fd));
	close(fd);
}
END_TEST

START_TEST(messages_after_trouble_are_kept)
{
	int fd = open_console(
		BOOT WARNING
		"[   12.4] Call Trace:\r\n[   12.4]  <TASK>\r\n"
		"[   12.4]  ext4_dirty_folio+0x8a/0xa0 [ext4]\r\n[ 13.0] \xff\r\n");
	json_t *log = console_log(fd, 0);

	ck_assert_uint_eq(json_array_size(log), 5);
	ck_assert_int_eq(strncmp(json_string_value(json_array_get(log, 0)),
				 "WARNING: ", 9),
			 0);
	ck_assert_str_eq(json_string_value(json_array_get(log, 3)),
			 " ext4_dirty_folio+0x8a/0xa0 [ext4]");
	ck_assert_str_eq(json_string_value(json_array_get(log, 4)), "?");
	json_decref(log);
	log = console_log(fd, (off_t)strlen(BOOT WARNING));
	ck_assert_uint_eq(json_array_size(log), 0);
	json_decref(log);
	close(fd);
}
END_TEST

START_TEST(silent_console)
{
	struct console_findings found;
	char line[32] = "x";
	int fd = open_console("");

	console_last_line(fd, line, sizeof(line));
	ck_assert_str_eq(line, "");
	ck_assert(!console_kernel_seen(fd));
	ck_assert_int_eq(console_classify(fd, 0, &found), 0);
	ck_assert_int_eq(found.worst, LOG_HARMLESS);
	close(fd);
}
END_TEST

UNIT_MAIN("console", kernel_is_seen_by_its_banner, firmware_alone_is_no_kernel,
	  trouble_is_found_behind_the_mark, death_of_process_1_is_told,
	  last_line_skips_blank_ones, begin_of_a_cell_is_found,
	  messages_after_trouble_are_kept, silent_console)
