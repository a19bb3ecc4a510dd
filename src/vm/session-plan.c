/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a session says: to the journal when it begins, and to a guest. */
#include <limits.h>
#include <sys/random.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "kernel/config-hash.h"
#include "runner/begin.h"
#include "vm/kernel-config.h"
#include "vm/session.h"

/* Cells per message: a serial driver without flow control holds some KiB. */
#define CELLS_PER_MESSAGE 12

/* What an earlier part of the run has ended is done */
static void mark_resumed(struct session *session)
{
	char id[CELL_ID_SIZE];

	for (size_t i = 0;
	     session->options->resumed && i < session->plan->count; i++) {
		const struct record *record =
			run_find(session->options->resumed, session->release,
				 cell_id_format(&session->plan->cells[i], id));

		session->done[i] = record && record->finished;
		session->done_count += session->done[i];
	}
}

/* "" where nobody knows */
static void hash_config(const struct vm_options *options,
			char ret[CONFIG_HASH_SIZE])
{
	cleanup_free char *text = NULL;
	char where[PATH_MAX];

	ret[0] = '\0';
	if (!kernel_config_read(options->arch, options->kernel, &text, where))
		config_hash(text, ret);
}

int session_begin(struct session *session)
{
	const struct kernel *kernel = session->options->kernel;
	char config[CONFIG_HASH_SIZE];
	struct begin begin = {
		.release = session->release,
		.machine = session->machine,
		.accelerator = accel_to_string(session->accel),
		.input = kernel->input,
		.image = kernel->image.key,
	};

	session->keep = keep_plan(session->options->keep, session->rules,
				  session->plan, session->release);
	if (!session->keep)
		return -ENOMEM;
	mark_resumed(session);
	hash_config(session->options, config);
	if (config[0])
		begin.config = config;
	return begin_write(session->journal, session->plan, &begin);
}

/* What is written to the line by others than the runner is not taken */
static uint32_t choose_key(void)
{
	uint32_t key = 0;

	if (getrandom(&key, sizeof(key), GRND_NONBLOCK) != sizeof(key) || !key)
		key = (uint32_t)(clock_seconds() * 1e6) | 1;
	return key;
}

int session_offer(struct session *session)
{
	uint32_t key = choose_key();
	int ret = channel_send(&session->channel,
			       json_pack("{ss sb sb sI}", "type", "options",
					 "destructive", 1, "home_network", 1,
					 "key", (json_int_t)key));

	session->channel.reader.key = key;
	return ret;
}

/* Sends the next cells that are still to be run, or go. */
int session_send_more(struct session *session)
{
	json_t *ids = json_array(), *keep = json_array();
	char id[CELL_ID_SIZE];

	while (session->sent < session->plan->count &&
	       json_array_size(ids) < CELLS_PER_MESSAGE) {
		size_t i = session->sent++;

		if (session->done[i])
			continue;
		json_array_append_new(ids,
				      json_string(cell_id_format(
					      &session->plan->cells[i], id)));
		json_array_append_new(
			keep, json_integer((json_int_t)session->keep[i]));
	}
	if (json_array_size(ids))
		return channel_send(&session->channel,
				    json_pack("{ss so so}", "type", "cells",
					      "cells", ids, "keep", keep));
	json_decref(ids);
	json_decref(keep);
	return channel_send(&session->channel, json_pack("{ss}", "type", "go"));
}
