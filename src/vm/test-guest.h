/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VM_TEST_GUEST_H
#define VM_TEST_GUEST_H

/*
 * A guest that misbehaves as the environment asks for: FAKE_GUEST says how,
 * FAKE_BOOTS names the file in which boots are counted. It is played by the
 * unit test itself, started as the emulator.
 */

#include <stdbool.h>

#include "vm/channel.h"
#include "vm/test-image.h"

#define CHANNEL_FD 3 /* where qemu.c puts the guest's end */
#define BAD_CELL                                                     \
	1 /* the cell at which a guest misbehaves, of the first boot \
	   */
/* trouble of an earlier cell, which is not to be held against a later one */
#define WARNING "[ 3.0] WARNING: CPU: 0 PID: 9 at mm/gup.c:1 x+0x1/0x2\r\n"
#define PANIC "[   20.1] Kernel panic - not syncing: Fatal exception\r\n"

/** struct guest - the fake guest */
struct guest {
	struct channel channel;
	const char *mode;
	unsigned int boot;
	json_t *cells;
};

static inline bool in_mode(const struct guest *guest, const char *mode)
{
	return guest->boot == 1 && !strcmp(guest->mode, mode);
}

/* Which boot this is: one byte per boot in a file. */
static inline unsigned int count_boot(void)
{
	int fd = open(getenv("FAKE_BOOTS"), O_RDWR | O_CREAT | O_APPEND, 0644);
	struct stat st;

	if (fd < 0 || write(fd, "x", 1) != 1 || fstat(fd, &st) < 0)
		_exit(3);
	close(fd);
	return (unsigned int)st.st_size;
}

static inline void say(const char *line)
{
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(3);
}

static inline void send_json(struct guest *guest, json_t *message)
{
	if (channel_send(&guest->channel, message) < 0)
		_exit(3);
}

static inline void receive_plan(struct guest *guest)
{
	struct error error;
	json_t *message;

	for (;;) {
		int ret = channel_next(&guest->channel, &message, &error);

		if (ret < 0 || (!ret && channel_fill(&guest->channel) <= 0))
			_exit(3);
		if (!ret)
			continue;
		if (!strcmp(message_type(message), "go"))
			return;
		if (!strcmp(message_type(message), "options"))
			guest->channel.key = (uint32_t)json_integer_value(
				json_object_get(message, "key"));
		json_array_extend(guest->cells,
				  json_object_get(message, "cells"));
		json_decref(message);
		send_json(guest, json_pack("{ss}", "type", "more"));
	}
}

static inline json_t *end_of(const char *id, const char *verdict)
{
	return json_pack("{ss ss ss ss ss sn ss sf s[] s[] sn}", "type", "end",
			 "kernel", TEST_RELEASE, "id", id, "verdict", verdict,
			 "outcome", "as-expected", "errno", "reason",
			 "as the fake guest likes it", "seconds", 0.5,
			 "evidence", "facts", "rule");
}

static inline void misbehave(struct guest *guest, const char *id)
{
	if (in_mode(guest, "panic")) {
		say(PANIC);
		_exit(0);
	}
	if (in_mode(guest, "init-panic")) {
		say("[ 9.1] Kernel panic - not syncing: Attempted to kill init! exitcode=0xb\r\n");
		_exit(0);
	}
	if (in_mode(guest, "vanish"))
		_exit(0);
	if (in_mode(guest, "stall")) {
		say("[ 8.0] INFO: task exe:185 blocked for more than 60 seconds.\r\n");
		_exit(0);
	}
	if (in_mode(guest, "runner-died")) {
		send_json(guest, json_pack("{ss ss}", "type", "bye", "reason",
					   "the runner died: signal 11"));
		_exit(0);
	}
	if (in_mode(guest, "cut")) {
		if (write(CHANNEL_FD, "@gup 9", 6) < 0)
			_exit(3);
		_exit(0);
	}
	if (in_mode(guest, "lost-end")) {
		guest->channel.sent++;
		return;
	}
	if (in_mode(guest, "forged")) {
		struct channel forger = guest->channel;

		forger.key = 0;
		if (channel_send(&forger, end_of(id, "safe")) < 0)
			_exit(3);
		send_json(guest, end_of(id, "exposed"));
		return;
	}
	if (in_mode(guest, "noise")) {
		if (write(CHANNEL_FD, "\x01\x80 noise\n", 10) < 0)
			_exit(3);
	}
	send_json(guest, end_of(id, in_mode(guest, "hung") ? "hung" : "safe"));
}

static inline void run_cells(struct guest *guest)
{
	json_t *id;
	size_t i;

	send_json(guest, json_pack("{ss ss ss ss}", "type", "canary", "kernel",
				   TEST_RELEASE, "verdict", "corrupt", "reason",
				   "on purpose"));
	json_array_foreach(guest->cells, i, id)
	{
		const char *text = json_string_value(id);
		char mark[256];

		snprintf(mark, sizeof(mark), "[ 5.0] gupcheck: begin %s\r\n",
			 text);
		say(mark);
		if (i < BAD_CELL)
			say(WARNING);

		send_json(guest, json_pack("{ss ss ss}", "type", "start",
					   "kernel", TEST_RELEASE, "id", text));
		if (i == BAD_CELL)
			misbehave(guest, text);
		else
			send_json(guest, end_of(text, "safe"));
	}
}

/** play_guest() - to be called instead of main() */
static inline int play_guest(void)
{
	struct guest guest = {
		.channel = {.fd = CHANNEL_FD},
		.mode = getenv("FAKE_GUEST"),
		.boot = count_boot(),
		.cells = json_array(),
	};

	if (!strcmp(guest.mode, "dead"))
		return 1;
	say("[    0.000000] Linux version " TEST_RELEASE " (x@y)\r\n");
	if (!strcmp(guest.mode, "no-init"))
		return 1;
	send_json(&guest,
		  json_pack("{ss si ss ss ss}", "type", "hello", "protocol",
			    CHANNEL_PROTOCOL, "gupcheck",
			    strcmp(guest.mode, "old") ? GUPCHECK_VERSION : "0",
			    "kernel", TEST_RELEASE, "machine", "x86_64"));
	receive_plan(&guest);
	if (!strcmp(guest.mode, "no-cell"))
		return 1;
	run_cells(&guest);
	send_json(&guest, json_pack("{ss ss}", "type", "bye", "reason", ""));
	return 0;
}

#endif
