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
#include "cell/enclose.h"
#include "cell/facts.h"
#include "runner/health.h"
#include "runner/supervise.h"

/* Seconds; scaled by the limit factor */
#define CELL_LIMIT_S 90
/* The longest that a cell may say nothing; steps have shorter limits */
#define SILENCE_LIMIT_S 60
#define KILL_LIMIT_S 10
#define PINS_LIMIT_S 2
/* Milliseconds between two looks at the kernel's messages */
#define TICK_MS 100

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

/**
 * struct watch - one cell under supervision
 * @last_sign: when it was heard of last, seconds
 * @lost_fact: there was no memory for a fact
 */
struct watch {
	const struct supervision *supervision;
	struct observation *observation;
	struct health health;
	int facts;
	int pidfd;
	pid_t pid;
	double last_sign;
	bool lost_fact;
};

/* The keeper puts it back, unless it is killed with the cell */
static void note_setting(struct watch *watch, const struct fact *fact)
{
	struct ledger *ledger = watch->supervision->ledger;

	if (fact->value)
		ledger_note(ledger, "setting", fact->text,
			    (long long)fact->offset, fact->value);
	else
		ledger_forget(ledger, "setting", fact->text);
}

static void add_fact(struct watch *watch, const struct fact *fact)
{
	if (fact->kind == FACT_SETTING)
		note_setting(watch, fact);
	if (fact->kind == FACT_DEVICE)
		snprintf(watch->health.device, sizeof(watch->health.device),
			 "%s", fact->name);
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
	struct fact fact;

	fact_make(&fact, kind, name, value, text);
	add_fact(watch, &fact);
}

static void tell_health(void *arg, const struct fact *fact)
{
	add_fact(arg, fact);
}

static void drain_facts(struct watch *watch)
{
	struct fact fact;
	int ret;

	while ((ret = fact_receive(watch->facts, &fact)) > 0) {
		watch->last_sign = clock_seconds();
		add_fact(watch, &fact);
	}
	if (ret == -EBADMSG)
		add(watch, FACT_BROKEN, "", 0, "a fact came in pieces");
}

/* Where a report is written no cell may write; somebody who watches may listen
 */
static void shut_up(bool watched)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		_exit(126);
	dup2(null, STDIN_FILENO);
	dup2(watched ? STDERR_FILENO : null, STDOUT_FILENO);
	if (!watched)
		dup2(null, STDERR_FILENO);
}

static _Noreturn void exec_cell(const struct supervision *supervision,
				const struct cell_id *id, int facts,
				pid_t parent)
{
	char id_text[CELL_ID_SIZE], facts_text[16], factor_text[32];
	const char *argv[] = {"gupcheck",
			      CELL_COMMAND,
			      id_text,
			      facts_text,
			      supervision->workdir,
			      factor_text,
			      supervision->home_network ? "home" : "alone",
			      supervision->keep_image ? "keep" : "remove",
			      supervision->cgroup->path,
			      NULL};

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* a parent that is dead already sends no signal */
	if (getppid() != parent)
		_exit(126);
	shut_up(supervision->on_fact);
	cell_id_format(id, id_text);
	snprintf(facts_text, sizeof(facts_text), "%d", facts);
	snprintf(factor_text, sizeof(factor_text), "%g",
		 supervision->limit_factor);
	fcntl(facts, F_SETFD, 0);
	execv("/proc/self/exe", (char *const *)argv);
	_exit(126);
}

/* Root only: others may do nothing that would have to be put right */
static void arrange_process(struct cell_options *options, const char *cgroup)
{
	int ret = 0;

	options->keeper = KEEPER_NONE;
	if (geteuid())
		return;
	/* from outside: what ends the cell must not end the keeper */
	ret = keeper_start(&options->keeper);
	if (ret < 0)
		fact_say(options->facts, FACT_BROKEN, "no keeper process: %s",
			 errno_name(-ret));
	if (cgroup[0] && cgroup_enter(cgroup) < 0)
		fact_say(options->facts, FACT_BROKEN,
			 "the cell cannot enter its cgroup %s", cgroup);
	ret = enclose();
	if (ret < 0)
		fact_say(options->facts, FACT_NOTE,
			 "no PID namespace of its own: %s", errno_name(-ret));
}

int cell_main(int argc, char **argv)
{
	struct cell_options options = {0};
	struct cell_id id;

	if (argc != 9 || cell_id_parse(argv[2], &id, NULL) < 0)
		return 2;
	/* the name that kernel messages tell of it */
	prctl(PR_SET_NAME, "gupcheck-cell");
	options.facts = atoi(argv[3]);
	options.workdir = argv[4];
	options.limit_factor = strtod(argv[5], NULL);
	options.home_network = !strcmp(argv[6], "home");
	options.keep_image = !strcmp(argv[7], "keep");
	if (fcntl(options.facts, F_SETFD, FD_CLOEXEC) < 0)
		return 2;
	arrange_process(&options, argv[8]);
	cell_run(&id, &options);
	return 0;
}

static int start(struct watch *watch, const struct cell_id *id)
{
	pid_t parent = getpid();
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	watch->facts = ends[0];
	watch->pid = fork();
	if (!watch->pid)
		exec_cell(watch->supervision, id, ends[1], parent);
	fd_close(ends[1]);
	if (watch->pid < 0)
		return -errno;
	setpgid(watch->pid, watch->pid);
	watch->pidfd = pidfd_open(watch->pid, 0);
	return watch->pidfd < 0 ? -errno : 0;
}

/* The run as a whole is to end now */
static bool called_off(const struct supervision *supervision)
{
	return interrupted() || (supervision->deadline > 0 &&
				 clock_seconds() > supervision->deadline);
}

/* Looks at everything once; waits a moment for something to happen */
static bool has_ended(struct watch *watch, struct pollfd fds[2])
{
	poll(fds, 2, TICK_MS);
	drain_facts(watch);
	health_drain(&watch->health);
	/* the other end is closed, which polls as ready for ever */
	if (fds[1].revents & POLLHUP)
		fds[1].fd = -1;
	return fds[0].revents;
}

/* Waits for the cell's end: 0, -ETIMEDOUT, or -EINTR when it is called off */
static int wait_for_end(struct watch *watch)
{
	const struct supervision *supervision = watch->supervision;
	double factor = supervision->limit_factor;
	double end = clock_seconds() + CELL_LIMIT_S * factor;
	struct pollfd fds[2] = {
		{.fd = watch->pidfd, .events = POLLIN},
		{.fd = watch->facts, .events = POLLIN},
	};

	watch->last_sign = clock_seconds();
	while (!has_ended(watch, fds)) {
		double now = clock_seconds();

		if (called_off(supervision))
			return -EINTR;
		if (now < end &&
		    now < watch->last_sign + SILENCE_LIMIT_S * factor)
			continue;
		add(watch, FACT_TIMEOUT, now < end ? "silence" : "cell",
		    (int)(factor *
			  (now < end ? SILENCE_LIMIT_S : CELL_LIMIT_S)),
		    "");
		return -ETIMEDOUT;
	}
	return 0;
}

static void kill_all(struct watch *watch)
{
	struct pollfd fds[2] = {
		{.fd = watch->pidfd, .events = POLLIN},
		{.fd = watch->facts, .events = POLLIN},
	};
	double end = clock_seconds() +
		     KILL_LIMIT_S * watch->supervision->limit_factor;

	kill(-watch->pid, SIGKILL);
	cgroup_kill(watch->supervision->cgroup);
	while (!has_ended(watch, fds) && clock_seconds() < end)
		;
}

/* What the cell started may outlive it where there is no PID namespace */
static bool clear_out(struct watch *watch)
{
	const struct cgroup *cgroup = watch->supervision->cgroup;
	double end = clock_seconds() +
		     KILL_LIMIT_S * watch->supervision->limit_factor;

	kill(-watch->pid, SIGKILL);
	while (!cgroup_empty(cgroup)) {
		if (clock_seconds() > end)
			return false;
		cgroup_kill(cgroup);
		poll(NULL, 0, 1);
	}
	return true;
}

/* The keeper holds the socket too: it closes when all is put right */
static void wait_for_keeper(struct watch *watch)
{
	double end = clock_seconds() +
		     KILL_LIMIT_S * watch->supervision->limit_factor;
	struct pollfd facts = {.fd = watch->facts, .events = POLLIN};

	while (clock_seconds() < end && !(facts.revents & POLLHUP)) {
		poll(&facts, 1, TICK_MS);
		drain_facts(watch);
	}
	if (!(facts.revents & POLLHUP))
		add(watch, FACT_TIMEOUT, "keeper", KILL_LIMIT_S, "");
}

static void bury(struct watch *watch)
{
	int status = 0;
	bool gone = waitpid(watch->pid, &status, WNOHANG) == watch->pid;

	if (gone && status)
		add(watch, FACT_DIED, "cell", status, "");
	if (!clear_out(watch) || !gone)
		add(watch, FACT_TIMEOUT, "kill", KILL_LIMIT_S, "");
	else
		wait_for_keeper(watch);
	watch->pidfd = fd_close(watch->pidfd);
	drain_facts(watch);
	watch->facts = fd_close(watch->facts);
}

int supervise(const struct supervision *supervision, const struct cell_id *id,
	      struct observation *observation, json_t *log)
{
	struct watch watch = {
		.supervision = supervision,
		.observation = observation,
		.health.kmsg = supervision->kmsg,
		.health.log = log,
		.health.tell = tell_health,
		.health.arg = &watch,
		.facts = -1,
		.pidfd = -1,
	};
	char id_text[CELL_ID_SIZE];
	int ret;

	cell_id_format(id, id_text);
	health_begin(&watch.health, id_text);
	ret = start(&watch, id);
	if (ret < 0)
		return ret;
	ret = wait_for_end(&watch);
	if (ret < 0)
		kill_all(&watch);
	bury(&watch);
	health_end(&watch.health, id_text, supervision->alone,
		   PINS_LIMIT_S * supervision->limit_factor);
	if (watch.lost_fact)
		return -ENOMEM;
	if (!called_off(supervision))
		return 0;
	return interrupted() ? -EINTR : -ETIME;
}
