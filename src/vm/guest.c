/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/guest-runner.h"
#include "vm/guest-setup.h"
#include "vm/guest.h"

static int send_type(struct channel *channel, const char *type)
{
	return channel_send(channel, json_pack("{ss}", "type", type));
}

static int send_hello(struct channel *channel)
{
	struct utsname name;

	if (uname(&name) < 0)
		return -errno;
	return channel_send(channel,
			    json_pack("{ss si ss ss ss}", "type", "hello",
				      "protocol", CHANNEL_PROTOCOL, "gupcheck",
				      GUPCHECK_VERSION, "kernel", name.release,
				      "machine", name.machine));
}

/* Room for @count cells, and for what is wanted of each */
static int make_room(struct guest_job *job, size_t count)
{
	struct cell_id *cells =
		reallocarray(job->plan.cells, count, sizeof(*cells));
	uint32_t *keep;

	if (!cells)
		return -ENOMEM;
	job->plan.cells = cells;
	keep = reallocarray(job->keep, count, sizeof(*keep));
	if (!keep)
		return -ENOMEM;
	job->keep = keep;
	return 0;
}

static int add_cells(struct guest_job *job, const json_t *message,
		     struct error *error)
{
	const json_t *ids = json_object_get(message, "cells");
	const json_t *keep = json_object_get(message, "keep");
	size_t count = job->plan.count + json_array_size(ids);
	json_t *item;
	size_t i;

	if (count == job->plan.count)
		return 0;
	if (make_room(job, count) < 0)
		return -ENOMEM;
	json_array_foreach(ids, i, item)
	{
		const char *text = json_string_value(item);
		int ret =
			cell_id_parse(text ? text : "",
				      &job->plan.cells[job->plan.count], error);

		if (ret < 0)
			return ret;
		job->keep[job->plan.count] =
			(uint32_t)json_integer_value(json_array_get(keep, i));
		job->plan.count++;
	}
	return 0;
}

static void take_options(struct guest_job *job, const json_t *message,
			 struct channel *channel)
{
	job->destructive =
		json_is_true(json_object_get(message, "destructive"));
	job->home_network =
		json_is_true(json_object_get(message, "home_network"));
	channel->key =
		(uint32_t)json_integer_value(json_object_get(message, "key"));
}

/* Takes one message: 1 when the job is complete, 0, or -errno. */
static int take_message(struct guest_job *job, const json_t *message,
			struct channel *channel, struct error *error)
{
	const char *type = message_type(message);
	int ret = 0;

	if (!strcmp(type, "go"))
		return 1;
	if (!strcmp(type, "options"))
		take_options(job, message, channel);
	else if (!strcmp(type, "cells"))
		ret = add_cells(job, message, error);
	else
		ret = error_set(
			error, -EPROTO,
			"the host sent '%s', which this guest does not know",
			type);
	return ret < 0 ? ret : send_type(channel, "more");
}

static int receive_job(struct channel *channel, struct guest_job *job,
		       struct error *error)
{
	json_t *message;
	int ret, done = 0;

	while (!done) {
		ret = channel_next(channel, &message, error);
		if (ret < 0)
			return ret;
		if (!ret) {
			ret = channel_fill(channel);
			if (ret <= 0)
				return error_set(error, ret < 0 ? ret : -EPIPE,
						 "the host is gone:");
			continue;
		}
		done = take_message(job, message, channel, error);
		json_decref(message);
	}
	return done < 0 ? done : 0;
}

/* Says hello, runs the job, says bye: 0, or -errno when nobody listens. */
static int serve(struct channel *channel)
{
	struct guest_job job = {0};
	struct error error = {""};
	char reason[ERROR_SIZE] = "";
	int ret = send_hello(channel);

	if (ret < 0)
		return ret;
	ret = receive_job(channel, &job, &error);
	if (ret < 0)
		snprintf(reason, sizeof(reason), "%s",
			 error.text[0] ? error.text : strerror(-ret));
	else
		ret = guest_runner_run(channel, &job, reason, sizeof(reason));
	free(job.plan.cells);
	free(job.keep);
	return channel_send(
		channel, json_pack("{ss ss}", "type", "bye", "reason", reason));
}

_Noreturn void guest_main(void)
{
	struct error error = {""};
	struct channel channel = {.fd = -1};
	int ret = guest_setup(&error);

	if (!ret)
		channel.fd = guest_open_channel(&error);
	if (channel.fd >= 0) {
		ret = serve(&channel);
		tcdrain(channel.fd);
	}
	/* the console is all that is left to tell it on */
	if (error.text[0] || ret < 0)
		fprintf(stderr, "gupcheck: %s\n",
			error.text[0] ? error.text : strerror(-ret));
	/* nothing here outlives the guest, and sync() could hang for ever */
	reboot(RB_POWER_OFF);
	_exit(1);
}
