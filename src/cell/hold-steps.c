/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The common steps while the device of the filesystem holds everything back. */
#ifndef GUPCHECK_WORKER_CODE
#define GUPCHECK_WORKER_CODE
#endif
#include <errno.h>
#include <fcntl.h>
#include <gupcheck/steps.h>
#include <gupcheck/worker.h>
#include "cell/cell.h"
#include "cell/folios.h"

/* Seconds after which the keeper resumes the device whatever happens */
#define SUSPEND_LIMIT_S 30

/* Milliseconds until writeback has reached all pages */
#define WRITEBACK_LIMIT_MS 10000

static int run_suspend(struct cell *cell, const struct step *step)
{
	int ret = keeper_suspend(
		&cell->options.keeper, cell->stage.mapper,
		(unsigned int)(SUSPEND_LIMIT_S * cell->options.limit_factor));

	return ret < 0 ? ret : mapper_suspend(cell->stage.mapper);
}

const struct step step_suspend = {
	.name = "suspend",
	.summary =
		"suspend the device below the filesystem (DM_DEV_SUSPEND): what is written waits; a keeper process will resume it in any case",
	.in_cell = run_suspend,
};

/* Had the keeper resumed it before, nothing was held back: that proves nothing
 */
static int run_resume(struct cell *cell, const struct step *step)
{
	int held = mapper_is_suspended(cell->stage.mapper);
	int ret = mapper_resume(cell->stage.mapper);

	keeper_resume(&cell->options.keeper);
	if (held <= 0)
		return held < 0 ? held : -ETIMEDOUT;
	return ret;
}

const struct step step_resume = {
	.name = "resume",
	.summary =
		"resume the device, which has to be suspended still: what waited is written",
	.in_cell = run_resume,
};

static bool is_written_back(void *arg)
{
	struct worker *worker = arg;
	int ret = folios_under_writeback(worker->map, worker->window);

	if (ret == -EPERM)
		worker_skip(
			"the kernel does not tell which pages are under writeback (CONFIG_PROC_PAGE_MONITOR)");
	return ret > 0;
}

static int run_start_writeback(struct worker *worker, const struct step *step)
{
	if (sync_file_range(worker->fd, 0, 0, SYNC_FILE_RANGE_WRITE) < 0)
		return -errno;
	return worker_await(is_written_back, worker,
			    "all pages to be under writeback",
			    WRITEBACK_LIMIT_MS);
}

const struct step step_start_writeback = {
	.name = "start_writeback",
	.summary =
		"sync_file_range(SYNC_FILE_RANGE_WRITE), until every page is under writeback",
	.in_worker = run_start_writeback,
};
