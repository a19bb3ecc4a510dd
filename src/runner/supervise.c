/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include "base/cleanup.h"
#include "base/clock.h"
#include "cell/cell.h"
#include "cell/facts.h"
#include "kernel/classify.h"
#include "kernel/counters.h"
#include "runner/supervise.h"

/* Seconds; scaled by the limit factor */
#define CELL_LIMIT_S 90
#define KILL_LIMIT_S 10
/* Milliseconds between two looks at the kernel's messages */
#define TICK_MS 100
/* Kernel messages kept per cell, and after each one that means trouble */
#define LOG_MAX 200
#define LOG_CONTEXT 30

static volatile sig_atomic_t interrupting;

static void on_signal(int number)
{
	interrupting = number;
}

void interrupt_watch(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

int interrupted(void)
{
	return interrupting;
}

/* struct watch - one cell under supervision */
struct watch {
	const struct supervision *supervision;
	struct observation *observation;
	json_t *log;
	char device[FACT_NAME_SIZE];
	unsigned int context;
	int facts;
	int pidfd;
	pid_t pid;
	double end;
	bool lost_fact;
};

static void add_fact(struct watch *watch, const struct fact *fact)
{
	if (fact->kind == FACT_DEVICE)
		snprintf(watch->device, sizeof(watch->device), "%s",
			 fact->name);
	if (observation_repeats(watch->observation, fact))
		return;
	if (observation_add(watch->observation, fact) < 0)
		watch->lost_fact = true;
	if (watch->supervision->on_fact)
		watch->supervision->on_fact(watch->supervision->on_fact_arg,
					    fact);
}

static void add(struct watch *watch, enum fact_kind kind, const char *name,
		int value, const char *text)
{
	struct fact fact = {.kind = kind, .value = value};

	snprintf(fact.name, sizeof(fact.name), "%s", name);
	snprintf(fact.text, sizeof(fact.text), "%.*s", FACT_TEXT_SIZE - 1,
		 text);
	add_fact(watch, &fact);
}

static void drain_facts(struct watch *watch)
{
	struct fact fact;
	int ret;

	while ((ret = fact_receive(watch->facts, &fact)) > 0)
		add_fact(watch, &fact);
	if (ret == -EBADMSG)
		add(watch, FACT_BROKEN, "", 0, "a fact came in pieces");
}

static void keep_line(struct watch *watch, const char *text)
{
	if (json_array_size(watch->log) < LOG_MAX)
		json_array_append_new(watch->log,
				      json_stringn_nocheck(text, strlen(text)));
}

static void take_message(struct watch *watch, const struct kmsg_record *record)
{
	/* without a block device of its own, what names one is not ours */
	enum log_class log_class = classify(
		record->text, watch->device[0] ? watch->device : "none");

	if (log_class != LOG_HARMLESS) {
		add(watch, FACT_LOG, log_class_to_string(log_class),
		    (int)log_class, record->text);
		watch->context = LOG_CONTEXT;
	}
	if (watch->context) {
		watch->context--;
		keep_line(watch, record->text);
	}
}

static void drain_log(struct watch *watch)
{
	struct kmsg *kmsg = watch->supervision->kmsg;
	struct kmsg_record record;
	int ret = 0;

	while (kmsg && (ret = kmsg_read(kmsg, &record)) > 0)
		take_message(watch, &record);
	if (ret < 0)
		add(watch, FACT_LOG_UNREADABLE, "", ret, "");
}

static _Noreturn void exec_cell(const struct supervision *supervision,
				const struct cell_id *id, int facts)
{
	char id_text[CELL_ID_SIZE], facts_text[16], factor_text[32];
	const char *argv[] = {"gupcheck",
			      CELL_COMMAND,
			      id_text,
			      facts_text,
			      supervision->workdir,
			      factor_text,
			      supervision->home_network ? "home" : "alone",
			      NULL};

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	cell_id_format(id, id_text);
	snprintf(facts_text, sizeof(facts_text), "%d", facts);
	snprintf(factor_text, sizeof(factor_text), "%g",
		 supervision->limit_factor);
	fcntl(facts, F_SETFD, 0);
	execv("/proc/self/exe", (char *const *)argv);
	_exit(126);
}

int cell_main(int argc, char **argv)
{
	struct cell_options options = {0};
	struct cell_id id;

	if (argc != 7 || cell_id_parse(argv[2], &id, NULL) < 0)
		return 2;
	/* the name that kernel messages tell of it */
	prctl(PR_SET_NAME, "gupcheck-cell");
	options.facts = atoi(argv[3]);
	options.workdir = argv[4];
	options.limit_factor = strtod(argv[5], NULL);
	options.home_network = !strcmp(argv[6], "home");
	if (fcntl(options.facts, F_SETFD, FD_CLOEXEC) < 0)
		return 2;
	cell_run(&id, &options);
	return 0;
}

static int start(struct watch *watch, const struct cell_id *id)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	watch->facts = ends[0];
	watch->pid = fork();
	if (!watch->pid)
		exec_cell(watch->supervision, id, ends[1]);
	fd_close(ends[1]);
	if (watch->pid < 0)
		return -errno;
	setpgid(watch->pid, watch->pid);
	watch->pidfd = pidfd_open(watch->pid, 0);
	return watch->pidfd < 0 ? -errno : 0;
}

/* Waits for the cell's end: true when it came before @end */
static bool wait_until(struct watch *watch, double end, bool interruptible)
{
	struct pollfd fds[2] = {
		{.fd = watch->pidfd, .events = POLLIN},
		{.fd = watch->facts, .events = POLLIN},
	};

	while (clock_seconds() < end && !(interruptible && interrupted())) {
		poll(fds, 2, TICK_MS);
		drain_facts(watch);
		drain_log(watch);
		if (fds[0].revents)
			return true;
		/* the other end is closed, which polls as ready for ever */
		if (fds[1].revents & POLLHUP)
			fds[1].fd = -1;
	}
	return false;
}

static void bury(struct watch *watch)
{
	int status = 0;

	if (waitpid(watch->pid, &status, WNOHANG) == watch->pid) {
		if (status)
			add(watch, FACT_DIED, "cell", status, "");
	} else {
		add(watch, FACT_TIMEOUT, "", KILL_LIMIT_S,
		    "the cell cannot be killed");
	}
	/* a worker that outlived its cell */
	kill(-watch->pid, SIGKILL);
	watch->pidfd = fd_close(watch->pidfd);
}

static void follow(struct watch *watch)
{
	double limit = CELL_LIMIT_S * watch->supervision->limit_factor;

	if (!wait_until(watch, clock_seconds() + limit, true)) {
		if (!interrupted())
			add(watch, FACT_TIMEOUT, "", (int)limit, "");
		kill(-watch->pid, SIGKILL);
		wait_until(watch,
			   clock_seconds() +
				   KILL_LIMIT_S *
					   watch->supervision->limit_factor,
			   false);
	}
	bury(watch);
	drain_facts(watch);
	watch->facts = fd_close(watch->facts);
}

/* What was logged up to our own end marker belongs to this cell */
static void close_log_window(struct watch *watch, const char *id)
{
	struct kmsg *kmsg = watch->supervision->kmsg;
	char line[CELL_ID_SIZE + 32];

	if (!kmsg) {
		add(watch, FACT_LOG_UNREADABLE, "", 0, "");
		return;
	}
	snprintf(line, sizeof(line), "gupcheck: end %s", id);
	kmsg_mark(kmsg, line);
	drain_log(watch);
}

static void compare_counters(struct watch *watch,
			     const struct kernel_counters *before)
{
	/* GPL of a module, an out-of-tree or test module: not our concern */
	const uint64_t bad = 1 << TAINT_BAD_PAGE | 1 << TAINT_DIED |
			     1 << TAINT_WARNED | 1 << TAINT_SOFT_LOCKUP;
	struct kernel_counters after;
	char letters[TAINT_STRING_SIZE];
	uint64_t fresh;

	kernel_counters_read(-1, &after);
	fresh = after.taint & ~before->taint & bad;
	if (fresh && !observation_first(watch->observation, FACT_LOG, NULL)) {
		taint_to_string(fresh, letters);
		add(watch, FACT_TAINT, "", (int)fresh, letters);
	}
}

int supervise(const struct supervision *supervision, const struct cell_id *id,
	      struct observation *observation, json_t *log)
{
	struct watch watch = {
		.supervision = supervision,
		.observation = observation,
		.log = log,
		.facts = -1,
		.pidfd = -1,
	};
	struct kernel_counters before;
	char id_text[CELL_ID_SIZE], line[CELL_ID_SIZE + 32];
	uint64_t lost = supervision->kmsg ? supervision->kmsg->lost : 0;
	int ret;

	cell_id_format(id, id_text);
	kernel_counters_read(-1, &before);
	/* WARN_ON_ONCE must be able to tell of each cell; no debugfs: once */
	warn_once_rearm();
	snprintf(line, sizeof(line), "gupcheck: begin %s", id_text);
	if (supervision->kmsg)
		kmsg_mark(supervision->kmsg, line);
	ret = start(&watch, id);
	if (ret < 0)
		return ret;
	follow(&watch);
	close_log_window(&watch, id_text);
	if (supervision->kmsg && supervision->kmsg->lost > lost)
		add(&watch, FACT_LOG_GAP, "",
		    (int)(supervision->kmsg->lost - lost), "");
	compare_counters(&watch, &before);
	if (watch.lost_fact)
		return -ENOMEM;
	return interrupted() ? -EINTR : 0;
}
