/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include "base/cleanup.h"
#include "base/clock.h"
#include "kernel/classify.h"
#include "kernel/kmsg.h"
#include "kernel/module.h"
#include "kernel/require.h"
#include "runner/cgroup.h"
#include "runner/run-image.h"
#include "runner/run.h"
#include "runner/speed.h"
#include "runner/supervise.h"
#include "runner/turn.h"
#include "runner/workspace.h"

/* The hidden cell of every run: its fake device corrupts on purpose */
#define CANARY "fake_corrupt/fake_dir/fsync_after_unpin"
#define REASON_SIZE 512
/* Seconds, scaled by the limit factor: for a run, and more for each cell */
#define RUN_LIMIT_S 120
#define CELL_SHARE_S 20
/* What two runs on one kernel must not have at a time */
#define TURN "gupcheck-run"

/* struct runner - one run_plan() under way */
struct runner {
	const struct run_options *options;
	struct supervision supervision;
	struct require_world world;
};

static int start_record(const struct runner *runner, const struct cell_id *id)
{
	char id_text[CELL_ID_SIZE];

	return journal_append(runner->options->journal,
			      json_pack("{ss ss ss}", "type", "start", "kernel",
					runner->options->release, "id",
					cell_id_format(id, id_text)),
			      true);
}

static int end_record(const struct runner *runner, const struct cell_id *id,
		      const struct judgement *judgement,
		      const struct observation *observation, json_t *log,
		      double seconds, bool image)
{
	json_t *record = run_end_record(id, runner->options->release,
					runner->options->rules, judgement,
					observation, seconds);

	if (!record)
		return -ENOMEM;
	if (log && json_array_size(log))
		json_object_set(record, "log", log);
	if (image)
		json_object_set_new(record, "image", json_true());
	return journal_append(runner->options->journal, record, true);
}

/* Whether the cell can run here; if not, the verdict that says so */
static bool can_run(struct runner *runner, const struct cell_id *id,
		    struct judgement *ret)
{
	const char *needs[] = {id->mechanism->require, id->filesystem->require,
			       id->scenario->require};

	ret->verdict = VERDICT_SKIPPED;
	if (id->scenario->destructive && !runner->options->destructive) {
		snprintf(
			ret->reason, sizeof(ret->reason),
			"may hurt the running kernel: give --destructive, or run it in a guest (gupcheck vm)");
		return false;
	}
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		int met = require_check(&runner->world, needs[i], ret->reason,
					sizeof(ret->reason));

		/* a driver that cannot say what it needs is no skip */
		if (met < 0)
			ret->verdict = VERDICT_BROKEN;
		if (met != 1)
			return false;
	}
	return true;
}

static void report_progress(const struct runner *runner, size_t done,
			    size_t total, const struct cell_id *id,
			    enum verdict verdict)
{
	char id_text[CELL_ID_SIZE];

	if (runner->options->progress)
		runner->options->progress(runner->options->progress_arg, done,
					  total, cell_id_format(id, id_text),
					  verdict);
}

/* A cell that was killed, or could not unmount, may still be writing to it */
static bool is_unmounted(const struct observation *observation)
{
	bool done = false;

	for (size_t i = 0; i < observation->count; i++) {
		if (observation->facts[i].kind == FACT_BROKEN)
			return false;
		done |= observation->facts[i].kind == FACT_DONE;
	}
	return done;
}

/*
 * The verdict is on disk before anything is done about the image: it must not
 * depend on what becomes of that.
 */
static int conclude(struct runner *runner, const struct cell_id *id,
		    uint32_t keep, const struct judgement *judgement,
		    const struct observation *observation, json_t *log,
		    double seconds)
{
	const char *workdir = runner->supervision.workdir;
	bool image =
		keep & 1u << judgement->verdict && run_image_there(workdir);
	int ret = end_record(runner, id, judgement, observation, log, seconds,
			     image);

	if (!ret && image)
		ret = run_image_keep(runner->options, workdir,
				     runner->supervision.limit_factor, id,
				     is_unmounted(observation));
	if (keep)
		run_image_remove(workdir);
	return ret;
}

static int run_cell(struct runner *runner, const struct cell_id *id,
		    uint32_t keep, enum verdict *ret_verdict)
{
	struct observation observation = {0};
	struct judgement judgement = {0};
	json_t *log = json_array();
	double begin = clock_seconds();
	int ret = 0;

	runner->supervision.keep_image = keep;
	if (can_run(runner, id, &judgement)) {
		ret = start_record(runner, id);
		if (!ret)
			ret = supervise(&runner->supervision, id, &observation,
					log);
		if (!ret)
			judge(id, &observation, &judgement);
	}
	if (!ret)
		ret = conclude(runner, id, keep, &judgement, &observation, log,
			       clock_seconds() - begin);
	*ret_verdict = judgement.verdict;
	json_decref(log);
	observation_done(&observation);
	return ret;
}

/* Proves on this very kernel that the oracle notices a lie */
static int run_canary(struct runner *runner)
{
	struct observation observation = {0};
	struct judgement judgement = {0};
	struct supervision quiet = runner->supervision;
	struct cell_id id;
	json_t *log = json_array();
	int ret = cell_id_parse(CANARY, &id, NULL);

	quiet.on_fact = NULL;
	if (!ret)
		ret = supervise(&quiet, &id, &observation, log);
	if (!ret) {
		judge(&id, &observation, &judgement);
		ret = journal_append(
			runner->options->journal,
			json_pack("{ss ss ss so}", "type", "canary", "kernel",
				  runner->options->release, "verdict",
				  verdict_to_string(judgement.verdict),
				  "reason", journal_text(judgement.reason)),
			false);
	}
	json_decref(log);
	observation_done(&observation);
	return ret;
}

static int run_cells(struct runner *runner, const struct plan *plan,
		     struct error *error)
{
	int ret = run_canary(runner);

	if (ret < 0)
		return error_set(error, ret,
				 "the canary cell could not be run:");
	for (size_t i = 0; i < plan->count; i++) {
		enum verdict verdict;

		ret = run_cell(runner, &plan->cells[i],
			       runner->options->keep ? runner->options->keep[i]
						     : 0,
			       &verdict);
		if (ret == -EINTR || ret == -ETIME)
			return ret;
		if (ret < 0)
			return error_set(
				error, ret,
				"the run stopped after %zu of %zu cells:", i,
				plan->count);
		report_progress(runner, i + 1, plan->count, &plan->cells[i],
				verdict);
	}
	return 0;
}

double run_time_limit(size_t count, double limit_factor)
{
	return (RUN_LIMIT_S + CELL_SHARE_S * (double)count) * limit_factor;
}

/* How long things may take is part of the result: a hang is judged by it */
static int set_limits(struct runner *runner, const struct plan *plan)
{
	const struct run_options *options = runner->options;
	double factor = options->limit_factor > 0 ? options->limit_factor
						  : speed_factor();
	double limit = options->time_limit > 0
			       ? options->time_limit
			       : run_time_limit(plan->count, factor);

	runner->supervision.limit_factor = factor;
	if (options->time_limit >= 0)
		runner->supervision.deadline = clock_seconds() + limit;
	return journal_append(options->journal,
			      json_pack("{ss ss sf}", "type", "limits",
					"kernel", options->release, "factor",
					factor),
			      false);
}

/* Noted before it is made: a run that is killed must not leave it behind */
static void make_cgroup(const struct workspace *workspace,
			struct cgroup *cgroup)
{
	char path[PATH_MAX];

	if (cgroup_find(strrchr(workspace->dir, '/') + 1, cgroup) < 0)
		return;
	snprintf(path, sizeof(path), "%s", cgroup->path);
	if (ledger_note(workspace->ledger, "cgroup", path, 0, 0) < 0)
		cgroup->path[0] = '\0';
	else if (cgroup_create(cgroup) < 0)
		ledger_forget(workspace->ledger, "cgroup", path);
}

static void remove_cgroup(const struct workspace *workspace,
			  struct cgroup *cgroup)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", cgroup->path);
	if (!cgroup_remove(cgroup))
		ledger_forget(workspace->ledger, "cgroup", path);
}

static int run_in(struct runner *runner, const struct workspace *workspace,
		  const struct plan *plan, struct error *error)
{
	const struct run_options *options = runner->options;
	struct cgroup cgroup = {""};
	struct kmsg kmsg;
	bool readable = !kmsg_open(&kmsg);
	int ret;

	make_cgroup(workspace, &cgroup);
	require_world_init(&runner->world);
	runner->supervision = (struct supervision){
		.kmsg = readable ? &kmsg : NULL,
		.workdir = workspace->dir,
		.home_network = options->home_network,
		.alone = options->alone,
		.cgroup = &cgroup,
		.ledger = workspace->ledger,
		.on_fact = options->on_fact,
		.on_fact_arg = options->progress_arg,
	};
	ret = set_limits(runner, plan);
	if (!ret)
		ret = run_cells(runner, plan, error);
	if (readable)
		kmsg_close(&kmsg);
	remove_cgroup(workspace, &cgroup);
	return ret;
}

int run_plan(const struct plan *plan, const struct run_options *options,
	     struct error *error)
{
	struct runner runner = {.options = options};
	cleanup_close int turn = turn_wait(TURN, options->waiting);
	struct workspace workspace;
	int ret;

	if (turn < 0)
		return error_set(error, turn, "cannot wait for other runs:");
	ret = workspace_open(&workspace, error);
	if (ret < 0)
		return ret;
	ret = run_in(&runner, &workspace, plan, error);
	workspace_close(&workspace);
	return ret;
}
