/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include "base/cleanup.h"
#include "cell/cell.h"
#include "cell/facts.h"
#include "cell/folios.h"
#include "cell/mapping.h"
#include "media/command.h"
#include "judge/promise.h"

/* The pinned range: enough pages to see neighbours, few enough to be quick */
#define WINDOW_PAGES 16

/* Two huge pages of the usual size, and large folios before them */
#define LARGE_WINDOW ((size_t)4 << 20)

void cell_broken(struct cell *cell, int ret, const char *what)
{
	fact_say(cell->options.facts, FACT_BROKEN, "%s: %s", what,
		 errno_name(-ret));
}

void cell_saw(struct cell *cell, enum fact_kind kind, const char *name,
	      int value, unsigned int view, uint64_t offset)
{
	struct fact fact = {.kind = kind, .value = value, .view = view};

	snprintf(fact.name, sizeof(fact.name), "%s", name);
	observation_add(&cell->seen, &fact);
	fact_send(cell->options.facts, kind, name, value, view, offset);
}

/* Own mounts and network, so that everything goes when the cell goes */
static int enter_namespaces(struct cell *cell)
{
	cleanup_close int home = -1;

	if (geteuid())
		return 0;
	if (cell->options.home_network)
		home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (unshare(CLONE_NEWNS) < 0)
		return -errno;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	if (unshare(CLONE_NEWNET) < 0)
		fact_say(cell->options.facts, FACT_NOTE,
			 "no network namespace: %s", errno_name(errno));
	cell->worker.home_netns = take_fd(&home);
	return 0;
}

static int window_init(struct cell *cell)
{
	struct statfs fs;
	size_t unit = pattern_page_size();

	cell->worker.window = mapping_flag(&cell->id, VARIANT_LARGE)
				      ? LARGE_WINDOW
				      : WINDOW_PAGES * unit;
	if (cell->id.filesystem->traits & FS_HUGE_PAGES) {
		if (statfs(cell->stage.dir, &fs) < 0)
			return -errno;
		unit = (size_t)fs.f_bsize;
	}
	if (mapping_flag(&cell->id, VARIANT_HUGE))
		unit = folios_huge_size();
	/* a huge page is mapped whole, whatever is pinned of it */
	cell->worker.map_length =
		(cell->worker.window + unit - 1) / unit * unit;
	return 0;
}

/* What cannot show the old data now would show nothing later */
static int check_views(struct cell *cell)
{
	unsigned int views =
		cell_views(cell, VIEW_CACHED | VIEW_DIRECT | VIEW_RAW);
	cleanup_free char *buf = malloc(cell->worker.window);

	for (unsigned int view = 1; view && view <= VIEW_RAW; view <<= 1) {
		int ret;

		if (!(views & view))
			continue;
		ret = buf ? cell_read(cell, FILE_PINNED, view, buf) : -ENOMEM;
		if (!ret &&
		    content_classify(&cell->patterns,
				     &cell->id.mechanism->landing, buf,
				     cell->worker.window, NULL) != CONTENT_OLD)
			ret = -EILSEQ;
		if (ret) {
			fact_say(cell->options.facts, FACT_BROKEN,
				 "the %s view does not show a fresh file: %s",
				 view_to_string(view), errno_name(-ret));
			return ret;
		}
	}
	return 0;
}

static void announce_device(void *arg, const char *device)
{
	struct cell *cell = arg;

	fact_send(cell->options.facts, FACT_DEVICE, device, 0, 0, 0);
}

/* For the ledger of the run, and for the keeper, in case we cannot undo it */
static int announce_setting(void *arg, const char *path, long value,
			    long amount)
{
	struct cell *cell = arg;
	struct fact fact = {
		.kind = FACT_SETTING,
		.value = (int32_t)amount,
		.offset = (uint64_t)value,
	};

	snprintf(fact.text, sizeof(fact.text), "%s", path);
	fact_deliver(cell->options.facts, &fact);
	return amount ? keeper_setting(&cell->options.keeper, path, value)
		      : keeper_setting_done(&cell->options.keeper, path);
}

/* 0, or -ECANCELED when the kernel has not what the variant is about */
static int choose_options(struct cell *cell)
{
	bool has_huge = folios_huge_size() > 0;

	cell->filesystem = *cell->id.filesystem;
	if (mapping_flag(&cell->id, VARIANT_HUGE) && !has_huge) {
		fact_say(
			cell->options.facts, FACT_SKIP,
			"the kernel has no transparent huge pages: CONFIG_TRANSPARENT_HUGEPAGE");
		return -ECANCELED;
	}
	if (mapping_flag(&cell->id, VARIANT_HUGE | VARIANT_LARGE) && has_huge &&
	    cell->filesystem.huge_options)
		cell->filesystem.options = cell->filesystem.huge_options;
	return 0;
}

static int set_stage(struct cell *cell)
{
	const struct stage_listener listener = {
		.arg = cell,
		.device = announce_device,
		.setting = announce_setting,
	};
	int ret = choose_options(cell);

	if (ret < 0)
		return ret;
	ret = stage_open(&cell->stage, &cell->filesystem,
			 cell->id.scenario->suspendable, cell->options.workdir,
			 &listener);
	cell->stage.keep_image = cell->options.keep_image;
	if (ret == -ECANCELED) {
		fact_say(cell->options.facts, FACT_SKIP, "%s",
			 cell->stage.skip);
		return ret;
	}
	if (ret < 0) {
		fact_say(cell->options.facts, FACT_BROKEN, "%s",
			 cell->stage.error.text);
		return ret;
	}
	ret = window_init(cell);
	if (!ret)
		ret = cell_create_file(cell, FILE_PINNED,
				       &cell->patterns.old_data);
	if (ret == -ENOSYS && mapping_flag(&cell->id, VARIANT_MEMFD)) {
		fact_say(
			cell->options.facts, FACT_SKIP,
			"the kernel has no memfd_create(2): CONFIG_MEMFD_CREATE");
		return ret;
	}
	if (ret < 0) {
		cell_broken(cell, ret, "cannot write the file to be pinned");
		return ret;
	}
	return check_views(cell);
}

/* 0: go on with the next step */
static int run_step(struct cell *cell, uint32_t number)
{
	const struct step *step = cell->id.scenario->steps[number];
	int facts = cell->options.facts;
	int result = 0, ret = 0;

	/* what later rounds do is known from the first one */
	if (!cell->round)
		fact_send(facts, FACT_STEP_BEGIN, step->name, 0, 0, 0);
	if (step->in_cell)
		result = step->in_cell(cell, step);
	else
		ret = cell_command_step(cell, number, step, &result);
	if (ret)
		return ret == -EINPROGRESS ? 0 : ret;
	if (!cell->round || result < 0)
		cell_saw(cell, FACT_STEP_END, step->name,
			 result < 0 ? result : 0, 0, 0);
	if (result == STEP_STOP)
		return STEP_STOP;
	if (result < 0 && !(step->flags & STEP_MAY_FAIL)) {
		fact_say(facts, FACT_BROKEN, "step %s: %s", step->name,
			 errno_name(-result));
		return result;
	}
	return 0;
}

/* Old data again, and no trace of the round before */
static int reset_file(struct cell *cell)
{
	char path[PATH_MAX];

	if (!mapping_flag(&cell->id, VARIANT_MEMFD) &&
	    unlink(cell_path(cell, FILE_PINNED, path)) < 0)
		return -errno;
	return cell_create_file(cell, FILE_PINNED, &cell->patterns.old_data);
}

static int run_round(struct cell *cell)
{
	int ret = 0;

	for (uint32_t i = 0; !ret && cell->id.scenario->steps[i]; i++)
		ret = run_step(cell, i);
	return ret;
}

static unsigned int rounds_of(const struct cell_id *id)
{
	unsigned int writes =
		id->mechanism->traits & (MECH_WRITES | MECH_NO_WRITER);

	if (writes != MECH_WRITES || !(id->filesystem->traits & FS_LATE_REPAIR))
		return 1;
	return id->scenario->rounds;
}

/* Then further rounds have nothing to add */
static bool promise_is_broken(const struct cell *cell)
{
	const struct promise *promise = cell->id.scenario->promises;
	char words[FACT_TEXT_SIZE];

	for (; promise && promise->text; promise++)
		if (promise_check(promise, &cell->id, &cell->seen, words,
				  sizeof(words)) == PROMISE_BROKEN)
			return true;
	return false;
}

static void run_steps(struct cell *cell)
{
	unsigned int rounds = rounds_of(&cell->id);
	int ret = cell_start_worker(cell);

	if (ret < 0) {
		cell_broken(cell, ret, "cannot start the worker");
		return;
	}
	ret = run_round(cell);
	for (cell->round = 1;
	     !ret && cell->round < rounds && !promise_is_broken(cell);
	     cell->round++) {
		ret = reset_file(cell);
		if (ret < 0)
			cell_broken(cell, ret, "cannot begin a new round");
		else
			ret = run_round(cell);
	}
	/* first: the worker may be blocked on what is frozen or suspended */
	keeper_thaw(&cell->options.keeper);
	keeper_resume(&cell->options.keeper);
	cell_stop_worker(cell);
}

/*
 * What was dirtied late is written now, and complained of now, while the
 * messages still belong to this cell. Then the filesystem's own checker looks.
 */
static void settle(struct cell *cell)
{
	const struct filesystem *filesystem = cell->id.filesystem;
	struct fact fact = {.kind = FACT_CHECKED};
	int ret = stage_settle(&cell->stage);

	if (ret < 0) {
		cell_broken(cell, ret, "the filesystem cannot be unmounted");
		return;
	}
	if (!filesystem->check)
		return;
	ret = stage_check(&cell->stage, fact.text, sizeof(fact.text));
	/* one that crashes has proven nothing */
	if (ret > COMMAND_SIGNALED) {
		fact_say(cell->options.facts, FACT_BROKEN,
			 "%s died of signal %d (%s)", filesystem->check[0],
			 ret - COMMAND_SIGNALED,
			 strsignal(ret - COMMAND_SIGNALED));
		return;
	}
	if (ret < 0 || ret == 127) {
		cell_broken(cell, ret < 0 ? ret : -ENOENT,
			    "the filesystem cannot be checked");
		return;
	}
	fact.value = ret;
	snprintf(fact.name, sizeof(fact.name), "%s", filesystem->check[0]);
	fact_deliver(cell->options.facts, &fact);
}

void cell_run(const struct cell_id *id, const struct cell_options *options)
{
	struct cell cell = {
		.id = *id,
		.options = *options,
		.commands = -1,
		.memory_file = -1,
		.worker.home_netns = -1,
	};
	uint64_t seed = 0;
	int ret;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed = (uint64_t)getpid();
	patterns_init(&cell.patterns, seed);
	ret = enter_namespaces(&cell);
	if (ret < 0) {
		cell_broken(&cell, ret, "cannot enter namespaces of its own");
		return;
	}
	if (!set_stage(&cell)) {
		run_steps(&cell);
		settle(&cell);
	}
	observation_done(&cell.seen);
	fd_close(cell.memory_file);
	if (stage_close(&cell.stage) < 0)
		fact_say(options->facts, FACT_BROKEN, "%s",
			 cell.stage.error.text);
	keeper_stop(&cell.options.keeper);
	fact_send(options->facts, FACT_DONE, NULL, 0, 0, 0);
}
