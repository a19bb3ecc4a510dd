/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/unit.h"
#include "kernel/kmsg.h"

static const struct {
	const char *raw;
	unsigned int level;
	uint64_t sequence;
	uint64_t usec;
	const char *text;
} records[] = {
	{"6,339,5140900,-;NET: Registered\n", 6, 339, 5140900,
	 "NET: Registered"},
	{"4,1,0,-,caller=T1;text; with , and ;\n", 4, 1, 0,
	 "text; with , and ;"},
	{"4,1,0,c,caller=C0;cpu\n", 4, 1, 0, "cpu"},
	{"12,7,9,-;of user space\n", 4, 7, 9, "of user space"},
	{"30,2,3,-;daemon\n SUBSYSTEM=acpi\n DEVICE=+acpi:PNP0A03:00\n", 6, 2,
	 3, "daemon"},
	{"6,2,3,-;tab\\x09 and \\x5c and \\xc3\\xa4\n", 6, 2, 3,
	 "tab\t and \\ and \xc3\xa4"},
	{"6,2,3,-;two\\x0alines\n", 6, 2, 3, "two\nlines"},
	{"6,2,3,-;nul\\x00byte\n", 6, 2, 3, "nul byte"},
	{"6,2,3,-;\\x and \\xZZ and \\x4\n", 6, 2, 3, "\\x and \\xZZ and \\x4"},
	{"6,2,3,-;cut \\x4", 6, 2, 3, "cut \\x4"},
	{"6,2,3;no flags\n", 6, 2, 3, "no flags"},
	{"6,2,3,-;", 6, 2, 3, ""},
	{"0,18446744073709551609,3,-;far\n", 0, UINT64_MAX - 6, 3, "far"},
};

START_TEST(records_are_parsed)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		struct kmsg_record record;
		const char *raw = records[i].raw;

		ck_assert_msg(kmsg_parse(raw, strlen(raw), &record) == 0, "%s",
			      raw);
		ck_assert_uint_eq(record.level, records[i].level);
		ck_assert_uint_eq(record.sequence, records[i].sequence);
		ck_assert_uint_eq(record.usec, records[i].usec);
		ck_assert_str_eq(record.text, records[i].text);
	}
}
END_TEST

START_TEST(malformed_is_refused)
{
	static const char *const wrong[] = {
		"",
		"\n",
		"text",
		";text",
		"6;text",
		"6,1;text",
		"6,,3,-;text",
		"6,x,3,-;text",
		"-6,1,3,-;text",
		" KEY=value\n",
		"6,99999999999999999999999,3,-;text",
		"6,1,3x,-;text",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct kmsg_record record;

		ck_assert_msg(kmsg_parse(wrong[i], strlen(wrong[i]), &record) ==
				      -EINVAL,
			      "%s", wrong[i]);
	}
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	const char *raw = "4,1,99,-,caller=T1;a \\x41 b\n KEY=value\n";

	for (size_t len = 0; len <= strlen(raw); len++) {
		struct kmsg_record record;
		/* of its own size, so that a sanitizer sees a read behind it */
		char *cut = malloc(len + !len);

		memcpy(cut, raw, len);
		ck_assert_int_eq(kmsg_parse(cut, len, &record),
				 len < strlen("4,1,99,-,caller=T1;") ? -EINVAL
								     : 0);
		free(cut);
	}
}
END_TEST

START_TEST(long_text_is_cut)
{
	struct kmsg_record record;
	char raw[3 * KMSG_TEXT_SIZE] = "6,1,2,-;";

	memset(raw + 8, 'x', sizeof(raw) - 8);
	ck_assert_int_eq(kmsg_parse(raw, sizeof(raw), &record), 0);
	ck_assert_uint_eq(strlen(record.text), KMSG_TEXT_SIZE - 1);
}
END_TEST

/* A socket of packets gives one record for each read, as /dev/kmsg does. */
static void fake(struct kmsg *kmsg, int *writer)
{
	int ends[2];

	ck_assert_int_eq(
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends),
		0);
	*kmsg = (struct kmsg){.fd = ends[0]};
	*writer = ends[1];
}

static void say(int writer, const char *raw)
{
	ck_assert_int_eq(write(writer, raw, strlen(raw)), (int)strlen(raw));
}

START_TEST(gaps_are_counted)
{
	struct kmsg_record record;
	struct kmsg kmsg;
	int writer;

	fake(&kmsg, &writer);
	ck_assert_int_eq(kmsg_read(&kmsg, &record), 0);
	/* where it began is not known: no gap before the first */
	say(writer, "6,100,0,-;first\n");
	say(writer, "6,101,0,-;second\n");
	say(writer, "6,105,0,-;after a gap of 3\n");
	say(writer, "6,106,0,-;next\n");
	say(writer, "6,108,0,-;after a gap of 1\n");
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(kmsg_read(&kmsg, &record), 1);
	ck_assert_str_eq(record.text, "after a gap of 1");
	ck_assert_uint_eq(kmsg.lost, 4);
	ck_assert_uint_eq(kmsg.next, 109);
	ck_assert_int_eq(kmsg_read(&kmsg, &record), 0);
	say(writer, "nonsense");
	ck_assert_int_eq(kmsg_read(&kmsg, &record), -EINVAL);
	close(writer);
	kmsg_close(&kmsg);
	ck_assert_int_eq(kmsg.fd, -1);
}
END_TEST

START_TEST(known_start_shows_first_gap)
{
	struct kmsg_record record;
	struct kmsg kmsg;
	int writer;

	fake(&kmsg, &writer);
	kmsg.next = 90;
	say(writer, "6,100,0,-;first\n");
	ck_assert_int_eq(kmsg_read(&kmsg, &record), 1);
	ck_assert_uint_eq(kmsg.lost, 10);
	close(writer);
	kmsg_close(&kmsg);
}
END_TEST

START_TEST(mark_is_one_line)
{
	struct kmsg kmsg;
	char text[4096];
	char line[4096];
	ssize_t len;
	int writer;

	fake(&kmsg, &writer);
	ck_assert_int_eq(kmsg_mark(&kmsg, "cell a/b/c\nbegins"), 0);
	len = read(writer, text, sizeof(text));
	ck_assert_int_eq(len, (int)strlen("<5>cell a/b/c begins\n"));
	ck_assert_mem_eq(text, "<5>cell a/b/c begins\n", (size_t)len);
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	ck_assert_int_eq(kmsg_mark(&kmsg, line), 0);
	/* what is longer the kernel would refuse */
	ck_assert_int_lt(read(writer, text, sizeof(text)), 1000);
	close(writer);
	kmsg_close(&kmsg);
	ck_assert_int_eq(kmsg_mark(&kmsg, "closed"), -EBADF);
}
END_TEST

UNIT_MAIN("kmsg", records_are_parsed, malformed_is_refused,
	  every_prefix_is_safe, long_text_is_cut, gaps_are_counted,
	  known_start_shows_first_gap, mark_is_one_line)
