/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "runner/run.h"
#include "runner/journal.h"
#include "runner/speed.h"
#include "vm/console.h"
#include "vm/session.h"
#include "vm/session-image.h"

void session_complain(struct session *session, const char *format, ...)
{
	va_list args;

	if (session->trouble[0])
		return;
	va_start(args, format);
	vsnprintf(session->trouble, sizeof(session->trouble), format, args);
	va_end(args);
}

static size_t find_cell(const struct session *session, const json_t *message)
{
	const char *wanted = json_string_value(json_object_get(message, "id"));
	char id[CELL_ID_SIZE];

	for (size_t i = 0; wanted && i < session->plan->count; i++)
		if (!strcmp(cell_id_format(&session->plan->cells[i], id),
			    wanted))
			return i;
	return SESSION_NO_CELL;
}

static void count_done(struct session *session, size_t cell,
		       enum verdict verdict)
{
	const struct vm_options *options = session->options;
	char id[CELL_ID_SIZE];

	if (session->current == cell)
		session->current = SESSION_NO_CELL;
	if (session->done[cell])
		return;
	session->done[cell] = true;
	session->done_count++;
	if (options->progress)
		options->progress(
			options->progress_arg, session->done_count,
			session->plan->count,
			cell_id_format(&session->plan->cells[cell], id),
			verdict);
}

int session_end_current(struct session *session,
			const struct judgement *judgement,
			const struct observation *observation, json_t *log)
{
	size_t cell = session->current;
	json_t *record;
	int ret;

	if (cell == SESSION_NO_CELL) {
		json_decref(log);
		return 0;
	}
	record = run_end_record(&session->plan->cells[cell], session->release,
				session->rules, judgement, observation,
				clock_seconds() - session->current_begin);
	if (json_array_size(log))
		json_object_set(record, "log", log);
	json_decref(log);
	ret = journal_append(session->journal, record, true);
	if (!ret)
		ret = session_image_gone(session, cell, judgement->verdict);
	count_done(session, cell, judgement->verdict);
	return ret;
}

/* The guest is at another cell already: an end record was lost on the way. */
static int end_lost(struct session *session)
{
	struct judgement judgement = {.verdict = VERDICT_BROKEN};

	snprintf(judgement.reason, sizeof(judgement.reason),
		 "its result was lost between guest and host: %.200s",
		 session->trouble[0] ? session->trouble : "no end record");
	return session_end_current(session, &judgement, NULL, NULL);
}

static int take_start(struct session *session, json_t *message)
{
	size_t cell = find_cell(session, message);
	int ret = end_lost(session);

	if (ret < 0)
		return ret;
	if (cell == SESSION_NO_CELL) {
		session_complain(session, "the guest started an unknown cell");
		return 0;
	}
	session->current = cell;
	session->current_begin = clock_seconds();
	return journal_append(session->journal, json_incref(message), true);
}

/* The guest has no expectation rules: outcome and rule are the host's. */
static void apply_rules(struct session *session, size_t cell, json_t *message,
			enum verdict verdict)
{
	const struct rule *rule = NULL;
	enum outcome outcome =
		expect(session->rules, &session->plan->cells[cell],
		       session->release, verdict, &rule);
	cleanup_free char *text =
		rule ? rule_tell(session->rules, rule, verdict, outcome) : NULL;

	json_object_set_new(message, "outcome",
			    json_string(outcome_to_string(outcome)));
	json_object_set_new(message, "rule",
			    text ? journal_text(text) : json_null());
}

/*
 * After a crash or a hang the kernel holds what the dead task held; what it
 * answers next is not worth asking for. A warning leaves it fit.
 */
static bool is_unfit(struct session *session, size_t cell, enum verdict verdict)
{
	struct console_findings findings;
	char id[CELL_ID_SIZE];
	off_t begin;
	bool unfit;

	if (verdict == VERDICT_HUNG)
		return true;
	if (verdict != VERDICT_OOPS)
		return false;
	cell_id_format(&session->plan->cells[cell], id);
	begin = console_find_begin(session->qemu.console, session->mark, id);
	if (console_classify(session->qemu.console, begin, &findings) < 0)
		return false;
	unfit = findings.worst >= LOG_BAD_PAGE;
	observation_done(&findings.observation);
	return unfit;
}

static int take_end(struct session *session, json_t *message)
{
	const char *word =
		json_string_value(json_object_get(message, "verdict"));
	size_t cell = find_cell(session, message);
	enum verdict verdict;
	bool fresh;
	int ret;

	if (cell == SESSION_NO_CELL || session->done[cell] || !word ||
	    verdict_from_string(word, &verdict) < 0) {
		session_complain(session,
				 "the guest ended a cell that it was not at");
		return SESSION_GO_ON;
	}
	if (session->current != SESSION_NO_CELL && session->current != cell) {
		ret = end_lost(session);
		if (ret < 0)
			return ret;
	}
	apply_rules(session, cell, message, verdict);
	ret = journal_append(session->journal, json_incref(message), true);
	fresh = is_unfit(session, cell, verdict);
	if (json_is_true(json_object_get(message, "image")))
		session_image_begin(session, cell);
	session->mark = console_size(session->qemu.console);
	count_done(session, cell, verdict);
	if (ret < 0)
		return ret;
	session->fresh = fresh && session->done_count < session->plan->count;
	return session->fresh && !session_image_pending(session)
		       ? SESSION_FRESH
		       : SESSION_GO_ON;
}

static int take_image(struct session *session, const json_t *message)
{
	int ret = session_image_end(session, message);

	if (ret < 0)
		return ret;
	return session->fresh ? SESSION_FRESH : SESSION_GO_ON;
}

/* What comes behind an image shows that its end was lost */
static int miss_image(struct session *session)
{
	int ret = session_image_lost(
		session,
		"not kept: part of it was lost between guest and host");

	if (ret < 0)
		return ret;
	return session->fresh ? SESSION_FRESH : SESSION_GO_ON;
}

/* Every guest has its canary; the journal wants the first, or a bad one. */
static int take_canary(struct session *session, json_t *message)
{
	const char *word =
		json_string_value(json_object_get(message, "verdict"));
	bool good = word && !strcmp(word, verdict_to_string(VERDICT_CORRUPT));

	session->mark = console_size(session->qemu.console);
	if (session->canary && good)
		return 0;
	session->canary = true;
	return journal_append(session->journal, json_incref(message), true);
}

/* How slow the guest is it has found out itself; the journal wants the first */
static int take_limits(struct session *session, json_t *message)
{
	double factor = json_number_value(json_object_get(message, "factor"));
	bool first = !session->deadline;

	if (factor < 1 || factor > SPEED_FACTOR_MAX)
		return 0;
	session->limit_factor = factor;
	if (!first)
		return 0;
	session->deadline =
		clock_seconds() +
		(session->options->time_limit > 0
			 ? session->options->time_limit
			 : run_time_limit(session->plan->count, factor));
	return journal_append(session->journal, json_incref(message), true);
}

static void take_text(struct session *session, const json_t *message,
		      const char *key)
{
	const char *text = json_string_value(json_object_get(message, key));

	if (text && text[0])
		session_complain(session, "%s", text);
}

/* Returns enum session_event or -errno. */
static int take_record(struct session *session, const char *type,
		       json_t *message)
{
	if (!strcmp(type, "limits"))
		return take_limits(session, message);
	if (!strcmp(type, "start"))
		return take_start(session, message);
	if (!strcmp(type, "end"))
		return take_end(session, message);
	if (!strcmp(type, "canary"))
		return take_canary(session, message);
	if (!strcmp(type, "trouble")) {
		take_text(session, message, "text");
		return SESSION_GO_ON;
	}
	if (!strcmp(type, "bye")) {
		take_text(session, message, "reason");
		return SESSION_BYE;
	}
	session_complain(session, "the guest sent '%.40s', which nobody knows",
			 type);
	return SESSION_GO_ON;
}

static int take_message(struct session *session, json_t *message)
{
	const char *type = message_type(message);

	/* the guest knows its release only */
	if (json_object_get(message, "kernel"))
		json_object_set_new(message, "kernel",
				    json_string(session->release));
	if (!strcmp(type, "more")) {
		/* a guest that does not listen is seen to be silent or dead */
		session_send_more(session);
		return SESSION_GO_ON;
	}
	if (!strcmp(type, "alive"))
		return SESSION_GO_ON;
	if (!strcmp(type, "image-data")) {
		session_image_data(session, message);
		return SESSION_GO_ON;
	}
	if (!strcmp(type, "image"))
		return take_image(session, message);
	if (session_image_pending(session)) {
		int ret = miss_image(session);

		if (ret)
			return ret;
	}
	return take_record(session, type, message);
}

int session_receive(struct session *session)
{
	struct error damage;
	json_t *message;
	int ret = channel_fill(&session->channel);

	if (ret > 0)
		session->last_sign = clock_seconds();
	while ((ret = channel_next(&session->channel, &message, &damage))) {
		if (ret == -EBADMSG) {
			session_complain(session, "results channel: %.300s",
					 damage.text);
			continue;
		}
		if (ret < 0)
			return ret;
		ret = take_message(session, message);
		json_decref(message);
		if (ret)
			return ret;
	}
	return SESSION_GO_ON;
}
