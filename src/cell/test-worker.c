/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_WORKER_CODE
#define GUPCHECK_WORKER_CODE
#endif
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gupcheck/steps.h>
#include <gupcheck/worker.h>
#include "base/unit.h"
#include "cell/facts.h"
#include "cell/worker.h"

#define PAGES 16

static const struct step *const steps[] = {&step_map, &step_fault_in, &step_pin,
					   NULL};
static const struct scenario scenario = {.name = "s", .steps = steps};
static const struct filesystem filesystem = {.name = "f"};

static int pin(struct device *dev, const struct range *range)
{
	return 0;
}

static int write_all(struct device *dev, const struct range *range,
		     const void *data)
{
	memcpy(range->addr, data, range->len);
	return 0;
}

static int write_first_page(struct device *dev, const struct range *range,
			    const void *data)
{
	memcpy(range->addr, data, pattern_page_size());
	return 0;
}

static int write_last_page(struct device *dev, const struct range *range,
			   const void *data)
{
	size_t at = range->len - pattern_page_size();

	memcpy((char *)range->addr + at, (const char *)data + at,
	       range->len - at);
	return 0;
}

static int unpin(struct device *dev)
{
	return 0;
}

static void make_file(struct worker *worker)
{
	char *data = malloc(worker->window);
	int fd;

	strcpy(worker->path, "/tmp/test-worker-XXXXXX");
	fd = mkstemp(worker->path);
	ck_assert_int_ge(fd, 0);
	pattern_fill(&worker->patterns->old_data, 0, data, worker->window);
	ck_assert_int_eq(write(fd, data, worker->window),
			 (ssize_t)worker->window);
	close(fd);
	free(data);
}

static void command_all(int commands)
{
	for (uint32_t number = 0; steps[number]; number++) {
		int32_t result;

		if (send(commands, &number, sizeof(number), MSG_NOSIGNAL) < 0 ||
		    recv(commands, &result, sizeof(result), 0) <= 0)
			return;
	}
}

/* What a worker breaks with that takes the control pin; "" where it does not */
static const char *run(const struct mechanism *mechanism, unsigned int flags)
{
	const struct variant variant = {.name = "v", .flags = flags};
	const struct cell_id id = {mechanism, &filesystem, &scenario, &variant};
	struct worker worker = {.id = &id, .limit_factor = 1, .fd = -1};
	static char text[FACT_TEXT_SIZE];
	struct patterns patterns;
	int commands[2], facts[2];
	bool controlled = false;
	struct fact fact;
	pid_t pid;

	patterns_init(&patterns, 1);
	worker.patterns = &patterns;
	worker.window = worker.map_length = PAGES * pattern_page_size();
	make_file(&worker);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, commands), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, facts), 0);
	worker.facts = facts[1];
	pid = fork();
	if (!pid) {
		close(commands[0]);
		worker_run(&worker, commands[1]);
	}
	close(commands[1]);
	close(facts[1]);
	command_all(commands[0]);
	close(commands[0]);
	waitpid(pid, NULL, 0);
	text[0] = '\0';
	while (fact_receive(facts[0], &fact) > 0) {
		controlled |= fact.kind == FACT_CONTROL && !fact.value;
		if (fact.kind == FACT_BROKEN)
			strcpy(text, fact.text);
	}
	close(facts[0]);
	unlink(worker.path);
	ck_assert_int_eq(controlled, !text[0]);
	return text;
}

/* A landing that says the truth does not help where it misses a half */
START_TEST(both_halves_are_written)
{
	const size_t page = pattern_page_size();
	const struct mechanism all = {.name = "all",
				      .pin = pin,
				      .device_write = write_all,
				      .unpin = unpin};
	const struct mechanism first = {.name = "first",
					.pin = pin,
					.device_write = write_first_page,
					.unpin = unpin,
					.landing = {.length = page}};
	const struct mechanism last = {
		.name = "last",
		.pin = pin,
		.device_write = write_last_page,
		.unpin = unpin,
		.landing = {.offset = (PAGES - 1) * page}};

	ck_assert_str_eq(run(&all, VARIANT_ANON_FIRST), "");
	ck_assert_str_eq(run(&all, VARIANT_UNALIGNED), "");
	ck_assert_ptr_nonnull(
		strstr(run(&first, VARIANT_ANON_LAST), "second half"));
	ck_assert_ptr_nonnull(
		strstr(run(&last, VARIANT_ANON_FIRST), "first half"));
	/* one part only: any piece of it will do */
	ck_assert_str_eq(run(&first, VARIANT_CLEANED), "");
	ck_assert_str_eq(run(&last, 0), "");
}
END_TEST

UNIT_MAIN("worker", both_halves_are_written)
