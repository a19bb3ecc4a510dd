/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "kernel/memory.h"
#include "kernel/root.h"
#include "runner/run.h"
#include "runner/stale.h"
#include "runner/supervise.h"
#include "vm/console.h"
#include "vm/guest-image.h"
#include "vm/libexec.h"
#include "vm/session-image.h"

#define TICK_MS 500
/* A guest says at least every five seconds that it is alive. */
#define SILENCE_LIMIT_S 120.0
/* More than the guest's own runner allows a cell, killing it included. */
#define CELL_LIMIT_S 150.0
#define POWEROFF_LIMIT_MS 10000
/* Guests in a row that ended without bringing the plan forward. */
#define FRUITLESS_MAX 2

/** enum ending - why a guest is no more */
enum ending {
	ENDING_BYE,
	ENDING_FRESH,
	ENDING_DIED,
	ENDING_SILENT,
	ENDING_STUCK,
	ENDING_INTERRUPTED,
	ENDING_TIME_OVER,
};

static int check_limits(struct session *session, enum ending *ret)
{
	double now = clock_seconds();

	if (interrupted()) {
		*ret = ENDING_INTERRUPTED;
		return 1;
	}
	if (session->deadline > 0 && now > session->deadline) {
		*ret = ENDING_TIME_OVER;
		return 1;
	}
	if (now - session->last_sign > SILENCE_LIMIT_S) {
		*ret = ENDING_SILENT;
		return 1;
	}
	/* the verdict is there: no more is asked of this guest */
	if (session_image_overdue(session)) {
		*ret = ENDING_FRESH;
		return 1;
	}
	if (session->current != SESSION_NO_CELL &&
	    now - session->current_begin >
		    CELL_LIMIT_S * session->limit_factor) {
		*ret = ENDING_STUCK;
		return 1;
	}
	return 0;
}

/* Follows the guest to its end, whatever that is; -errno when we cannot. */
static int follow(struct session *session, enum ending *ret)
{
	struct pollfd fds[] = {
		{.fd = session->channel.fd, .events = POLLIN},
		{.fd = session->qemu.pidfd, .events = POLLIN},
	};
	int event;

	for (;;) {
		if (poll(fds, 2, TICK_MS) < 0 && errno != EINTR)
			return -errno;
		event = session_receive(session);
		if (event < 0)
			return event;
		if (event != SESSION_GO_ON) {
			*ret = event == SESSION_BYE ? ENDING_BYE : ENDING_FRESH;
			return 0;
		}
		/* its last words come first */
		if (session->channel.ended && fds[1].revents) {
			*ret = ENDING_DIED;
			return 0;
		}
		/* a closed line polls as readable for ever */
		if (session->channel.ended)
			fds[0].fd = -1;
		if (check_limits(session, ret))
			return 0;
	}
}

static void judge_death(struct session *session, enum ending ending,
			const struct console_findings *found,
			struct judgement *ret)
{
	const struct observation *lines = &found->observation;
	const char *evidence = "";

	for (size_t i = 0; i < lines->count; i++) {
		if (lines->facts[i].value != (int32_t)found->worst)
			continue;
		evidence = lines->facts[i].text;
		break;
	}
	*ret = (struct judgement){.verdict = VERDICT_VANISHED};
	if (ending == ENDING_BYE || found->init_died) {
		ret->verdict = VERDICT_BROKEN;
		snprintf(ret->reason, sizeof(ret->reason), "%.300s",
			 session->trouble[0] ? session->trouble
					     : "the runner in the guest died");
	} else if (log_class_is_trouble(found->worst) &&
		   found->worst != LOG_HANG) {
		ret->verdict = VERDICT_OOPS;
		snprintf(ret->reason, sizeof(ret->reason), "%.300s", evidence);
	} else if (found->worst == LOG_HANG || ending == ENDING_SILENT ||
		   ending == ENDING_STUCK) {
		ret->verdict = VERDICT_HUNG;
		snprintf(ret->reason, sizeof(ret->reason), "%.300s",
			 evidence[0] ? evidence
				     : "the guest was not heard of any more");
	} else {
		snprintf(ret->reason, sizeof(ret->reason),
			 "the guest ended without a word on its console");
	}
}

/*
 * The cell that was under way when the guest ended. Frames and console take
 * different ways to us: what belongs to the cell follows from the mark that the
 * runner leaves in the kernel log, not from the time when a frame came.
 */
static int bury_cell(struct session *session, enum ending ending)
{
	struct console_findings found;
	struct judgement judgement;
	char id[CELL_ID_SIZE];
	off_t begin;
	int ret;

	if (session->current == SESSION_NO_CELL)
		return 0;
	/* run again from its start in the next guest */
	if (ending == ENDING_FRESH || ending == ENDING_INTERRUPTED ||
	    ending == ENDING_TIME_OVER) {
		session->current = SESSION_NO_CELL;
		return 0;
	}
	cell_id_format(&session->plan->cells[session->current], id);
	begin = console_find_begin(session->qemu.console, session->mark, id);
	ret = console_classify(session->qemu.console, begin, &found);
	if (ret < 0)
		return ret;
	judge_death(session, ending, &found, &judgement);
	ret = session_end_current(session, &judgement, &found.observation,
				  console_log(session->qemu.console, begin));
	observation_done(&found.observation);
	return ret;
}

static void complain_of(struct session *session, enum ending ending)
{
	struct error error = {""};
	char line[160];

	console_last_line(session->qemu.console, line, sizeof(line));
	if (ending == ENDING_DIED)
		session_complain(session, "the guest died; last line: %s",
				 line);
	else if (ending == ENDING_SILENT || ending == ENDING_STUCK)
		session_complain(session, "the guest hung; last line: %s",
				 line);
	if (frame_reader_end(&session->channel.reader, &error) < 0)
		session_complain(session, "results channel: %s", error.text);
}

/* One guest from its hello to its end. */
static int run_guest(struct session *session, enum ending *ret_ending)
{
	int ret = session_offer(session);

	session->fresh = false;
	/* a guest that is gone already is no reason to stop */
	if (ret == -ENOMEM)
		return ret;
	ret = follow(session, ret_ending);
	if (!ret)
		ret = session_image_lost(
			session,
			"not kept: its guest ended before all of it was there");
	if (!ret)
		ret = bury_cell(session, *ret_ending);
	if (!ret)
		complain_of(session, *ret_ending);
	session_stop(session,
		     *ret_ending == ENDING_BYE ? POWEROFF_LIMIT_MS : 0);
	return ret;
}

/* Runs the plan to its end in as many guests as that takes. */
static int run_guests(struct session *session)
{
	unsigned int fruitless = 0;
	struct error error = {""};
	enum ending ending = ENDING_DIED;
	int ret;

	for (;;) {
		size_t before = session->done_count;

		ret = run_guest(session, &ending);
		if (ret < 0)
			return ret;
		if (ending == ENDING_INTERRUPTED)
			return -EINTR;
		if (ending == ENDING_TIME_OVER)
			return -ETIME;
		fruitless = session->done_count > before ? 0 : fruitless + 1;
		if (session->done_count == session->plan->count ||
		    fruitless == FRUITLESS_MAX)
			return 0;
		ret = session_boot(session, &error);
		if (ret == -EINTR)
			return ret;
		if (ret < 0) {
			session_complain(session,
					 "no other guest could be started: %s",
					 error.text);
			return 0;
		}
	}
}

static int finish(struct session *session, int ret)
{
	char reason[ERROR_SIZE + 64];
	bool complete = session->done_count == session->plan->count;
	int stale =
		stale_write(session->journal, session->rules, session->release);

	if (stale < 0)
		return stale;
	if (ret == -EINTR)
		snprintf(reason, sizeof(reason), FINISH_INTERRUPTED);
	else if (ret == -ETIME)
		snprintf(reason, sizeof(reason), FINISH_TIME_OVER);
	else
		snprintf(reason, sizeof(reason), "%s%s%s",
			 complete ? "complete" : "given up",
			 session->trouble[0] ? "; " : "", session->trouble);
	return journal_append(session->journal,
			      json_pack("{ss ss ss}", "type", "finish",
					"kernel", session->release, "reason",
					reason),
			      true);
}

static int run_session(struct session *session, struct error *error)
{
	int ret = session_boot(session, error);
	int finished;

	if (ret < 0)
		return ret;
	ret = session_begin(session);
	if (!ret)
		ret = run_guests(session);
	if (ret < 0 && ret != -EINTR && ret != -ETIME)
		return error_set(error, ret, "the journal cannot be written:");
	finished = finish(session, ret);
	if (finished < 0)
		return error_set(error, finished,
				 "the journal cannot be written:");
	return ret == -ETIME ? 0 : ret;
}

static int open_session(struct session *session, struct error *error)
{
	char guest[PATH_MAX];
	int ret = memory_check(
		ROOT_REAL, session->options->memory_mib, "a guest takes",
		"end something, or give it less with --memory", error);

	if (!ret)
		ret = libexec_find("gupcheck-guest", guest, error);
	if (ret < 0)
		return ret;
	session->done =
		calloc(session->plan->count + 1, sizeof(*session->done));
	if (!session->done)
		return -ENOMEM;
	session->initramfs = guest_image_build(session->options->arch, guest,
					       session->options->kernel,
					       session->plan, error);
	return session->initramfs < 0 ? session->initramfs : 0;
}

int vm_run(const struct vm_options *options, const struct plan *plan,
	   struct journal *journal, struct rule_set *rules, struct error *error)
{
	struct session session = {
		.options = options,
		.plan = plan,
		.journal = journal,
		.rules = rules,
		.qemu = QEMU_NONE,
		.initramfs = -1,
		.channel = {.fd = -1},
		.accel = options->accel,
		.current = SESSION_NO_CELL,
		.image = {.store = {.dir = options->output, .file = -1},
			  .cell = SESSION_NO_CELL},
	};
	struct error inner = {""};
	int ret = open_session(&session, &inner);

	if (!ret)
		ret = run_session(&session, &inner);
	session_stop(&session, 0);
	fd_close(session.initramfs);
	image_store_drop(&session.image.store);
	free(session.keep);
	free(session.done);
	if (ret < 0)
		error_set(error, ret, "%s: %s", options->kernel->input,
			  inner.text[0] ? inner.text : strerror(-ret));
	return ret;
}
