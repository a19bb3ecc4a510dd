/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cell's side of the worker: start, command, end. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "base/cleanup.h"
#include "cell/cell.h"
#include "cell/facts.h"

/* Milliseconds; scaled by the limit factor */
#define STEP_LIMIT_MS 20000
#define BLOCK_LIMIT_MS 500
#define QUIT_LIMIT_MS 10000

int cell_start_worker(struct cell *cell)
{
	struct worker *worker = &cell->worker;
	int ends[2];

	worker->id = &cell->id;
	worker->patterns = &cell->patterns;
	worker->facts = cell->options.facts;
	worker->limit_factor = cell->options.limit_factor;
	worker->fd = -1;
	cell_path(cell, FILE_PINNED, worker->path);
	cell_path(cell, FILE_OTHER, worker->other);
	snprintf(worker->workdir, sizeof(worker->workdir), "%s/device",
		 cell->options.workdir);
	if (mkdir(worker->workdir, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	cell->worker_pid = fork();
	if (!cell->worker_pid) {
		fd_close(ends[0]);
		worker_run(worker, ends[1]);
	}
	fd_close(ends[1]);
	if (cell->worker_pid < 0)
		return -errno;
	cell->commands = ends[0];
	return 0;
}

static void bury_worker(struct cell *cell)
{
	int status = 0;

	cell->commands = fd_close(cell->commands);
	while (waitpid(cell->worker_pid, &status, 0) < 0 && errno == EINTR)
		;
	cell->worker_pid = 0;
	cell->pending = NULL;
	if (status)
		fact_send(cell->options.facts, FACT_DIED, "worker", status, 0,
			  0);
}

/* One answer of the worker: 0, -ETIMEDOUT, or -EPIPE when it is gone */
static int await_worker(struct cell *cell, int limit_ms, int *ret_result)
{
	struct pollfd answer = {.fd = cell->commands, .events = POLLIN};
	int32_t result;
	int ready;

	do
		ready = poll(&answer, 1,
			     (int)(limit_ms * cell->options.limit_factor));
	while (ready < 0 && errno == EINTR);
	if (!ready)
		return -ETIMEDOUT;
	if (recv(cell->commands, &result, sizeof(result), 0) !=
	    sizeof(result)) {
		bury_worker(cell);
		return -EPIPE;
	}
	cell->pending = NULL;
	*ret_result = result;
	return 0;
}

/* A step that was allowed to block must have returned before the next one */
static int settle_pending(struct cell *cell)
{
	const struct step *step = cell->pending;
	int result, ret;

	if (!step)
		return 0;
	ret = await_worker(cell, STEP_LIMIT_MS, &result);
	if (ret == -ETIMEDOUT)
		fact_send(cell->options.facts, FACT_STEP_HUNG, step->name, 0, 0,
			  0);
	else if (!ret)
		fact_send(cell->options.facts, FACT_STEP_END, step->name,
			  result, 0, 0);
	return ret;
}

int cell_command_step(struct cell *cell, uint32_t number,
		      const struct step *step, int *ret_result)
{
	bool may_block = step->flags & STEP_MAY_BLOCK;
	int ret = settle_pending(cell);

	if (ret)
		return ret;
	if (cell->commands < 0 ||
	    send(cell->commands, &number, sizeof(number), MSG_NOSIGNAL) < 0)
		return -EPIPE;
	cell->pending = step;
	ret = await_worker(cell, may_block ? BLOCK_LIMIT_MS : STEP_LIMIT_MS,
			   ret_result);
	if (ret != -ETIMEDOUT)
		return ret;
	fact_send(cell->options.facts,
		  may_block ? FACT_STEP_BLOCKED : FACT_STEP_HUNG, step->name, 0,
		  0, 0);
	return may_block ? -EINPROGRESS : ret;
}

void cell_stop_worker(struct cell *cell)
{
	struct pollfd end = {.fd = cell->commands, .events = POLLIN};
	uint32_t quit = WORKER_QUIT;

	if (!cell->worker_pid)
		return;
	settle_pending(cell);
	if (cell->commands < 0)
		return;
	send(cell->commands, &quit, sizeof(quit), MSG_NOSIGNAL);
	if (poll(&end, 1, (int)(QUIT_LIMIT_MS * cell->options.limit_factor)) <=
	    0) {
		fact_send(cell->options.facts, FACT_STEP_HUNG, "release", 0, 0,
			  0);
		kill(cell->worker_pid, SIGKILL);
	}
	bury_worker(cell);
}
