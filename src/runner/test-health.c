/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/unit.h"
#include "judge/observation.h"
#include "runner/health.h"

#define WARNING "WARNING: CPU: 1 PID: 77 at fs/ext4/inode.c:3620 f+0x1/0x2"
#define FLOOD 100000

/** struct bench - a log of our own, and what is told of it */
struct bench {
	struct kmsg kmsg;
	struct health health;
	struct observation seen;
	int writer;
	uint64_t next;
};

static void collect(void *arg, const struct fact *fact)
{
	ck_assert_int_eq(observation_add(arg, fact), 0);
}

/* A socket of packets gives one record for each read, as /dev/kmsg does. */
static void begin(struct bench *bench)
{
	int ends[2];

	memset(bench, 0, sizeof(*bench));
	ck_assert_int_eq(
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends),
		0);
	bench->kmsg = (struct kmsg){.fd = ends[0], .next = 1};
	bench->writer = ends[1];
	bench->next = 1;
	bench->health = (struct health){
		.kmsg = &bench->kmsg,
		.log = json_array(),
		.tell = collect,
		.arg = &bench->seen,
	};
	health_begin(&bench->health, "a/b/c");
}

static void say(struct bench *bench, unsigned int facility, const char *text)
{
	char raw[512];
	int len = snprintf(raw, sizeof(raw), "%u,%" PRIu64 ",5,-;%s\n",
			   facility << 3 | 4, bench->next++, text);

	ck_assert_int_eq(write(bench->writer, raw, (size_t)len), len);
}

static size_t count(const struct bench *bench, enum fact_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < bench->seen.count; i++)
		n += bench->seen.facts[i].kind == (unsigned int)kind;
	return n;
}

/* This machine's own counters are read too: what they do is its business */
static void end(struct bench *bench)
{
	health_end(&bench->health, "a/b/c", false, 0);
}

static void done(struct bench *bench)
{
	json_decref(bench->health.log);
	observation_done(&bench->seen);
	close(bench->writer);
	kmsg_close(&bench->kmsg);
}

START_TEST(kernel_trouble_is_told)
{
	struct bench bench;

	begin(&bench);
	say(&bench, 0, "loop0: detected capacity change from 0 to 8");
	say(&bench, 0, WARNING);
	end(&bench);
	ck_assert_uint_eq(count(&bench, FACT_LOG), 1);
	ck_assert_uint_eq(count(&bench, FACT_CLAIMED), 0);
	ck_assert_uint_eq(count(&bench, FACT_LOG_GAP), 0);
	done(&bench);
}
END_TEST

START_TEST(claims_of_programs_are_no_trouble)
{
	struct bench bench;

	begin(&bench);
	say(&bench, 1, WARNING);
	say(&bench, 3, "systemd[1]: Started something");
	end(&bench);
	ck_assert_uint_eq(count(&bench, FACT_LOG), 0);
	ck_assert_uint_eq(count(&bench, FACT_CLAIMED), 1);
	done(&bench);
}
END_TEST

START_TEST(flood_does_not_hide_what_is_behind_it)
{
	struct bench bench;

	begin(&bench);
	for (unsigned int i = 0; i < FLOOD; i++) {
		say(&bench, 1, "a line of a flood");
		if (i % 50 == 0)
			health_drain(&bench.health);
	}
	say(&bench, 0, WARNING);
	end(&bench);
	ck_assert_uint_eq(count(&bench, FACT_LOG), 1);
	ck_assert_uint_eq(count(&bench, FACT_LOG_GAP), 0);
	done(&bench);
}
END_TEST

START_TEST(flood_of_trouble_is_told_in_few_words)
{
	struct bench bench;

	begin(&bench);
	for (unsigned int i = 0; i < 5000; i++) {
		say(&bench, 0, WARNING);
		health_drain(&bench.health);
	}
	say(&bench, 0, "Kernel panic - not syncing: behind the flood");
	end(&bench);
	ck_assert_uint_gt(count(&bench, FACT_LOG), 1);
	ck_assert_uint_lt(count(&bench, FACT_LOG), 50);
	ck_assert_int_eq(bench.seen.facts[bench.seen.count - 1].value,
			 LOG_PANIC);
	ck_assert_uint_lt(json_array_size(bench.health.log), 1000);
	done(&bench);
}
END_TEST

START_TEST(gap_is_told)
{
	struct bench bench;

	begin(&bench);
	say(&bench, 0, "one");
	bench.next += 7;
	say(&bench, 0, "nine");
	end(&bench);
	ck_assert_uint_eq(count(&bench, FACT_LOG_GAP), 1);
	done(&bench);
}
END_TEST

START_TEST(unreadable_log_is_told)
{
	struct bench bench;

	begin(&bench);
	bench.health.kmsg = NULL;
	end(&bench);
	ck_assert_uint_eq(count(&bench, FACT_LOG_UNREADABLE), 1);
	done(&bench);
}
END_TEST

START_TEST(foreign_device_is_not_ours)
{
	struct bench bench;

	begin(&bench);
	snprintf(bench.health.device, sizeof(bench.health.device), "loop3");
	say(&bench, 0, "EXT4-fs error (device loop7): f:1: comm c: text");
	health_drain(&bench.health);
	ck_assert_uint_eq(count(&bench, FACT_LOG), 0);
	say(&bench, 0, "EXT4-fs error (device loop3): f:1: comm c: text");
	end(&bench);
	ck_assert_uint_eq(count(&bench, FACT_LOG), 1);
	done(&bench);
}
END_TEST

UNIT_MAIN("health", kernel_trouble_is_told, claims_of_programs_are_no_trouble,
	  flood_does_not_hide_what_is_behind_it,
	  flood_of_trouble_is_told_in_few_words, gap_is_told,
	  unreadable_log_is_told, foreign_device_is_not_ours)
