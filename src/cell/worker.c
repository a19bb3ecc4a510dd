/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_WORKER_CODE
#define GUPCHECK_WORKER_CODE
#endif
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <gupcheck/worker.h>
#include "base/clock.h"
#include "base/error.h"
#include "cell/facts.h"
#include "cell/mapping.h"
#include "cell/worker.h"
#include "kernel/counters.h"
#include "kernel/root.h"

/* For what the kernel gives back late; scaled by the limit factor */
#define LOCKED_LIMIT_S 2.0

/*
 * The process has one worker; the helpers of <gupcheck/worker.h> are called
 * from threads and library callbacks that carry no pointer to it.
 */
static struct worker *self;

static _Noreturn void quit(void)
{
	/* the kernel would end it, too, but later than the cell unmounts */
	mapping_done(self);
	/* No exit handlers: libraries' threads may be anywhere */
	_exit(0);
}

void worker_skip(const char *format, ...)
{
	char text[FACT_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fact_say(self->facts, FACT_SKIP, "%s", text);
	quit();
}

void worker_broken(const char *format, ...)
{
	char text[FACT_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fact_say(self->facts, FACT_BROKEN, "%s", text);
	quit();
}

void worker_note(const char *format, ...)
{
	char text[FACT_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fact_say(self->facts, FACT_NOTE, "%s", text);
}

long must_at(long ret, const char *what, const char *file, int line)
{
	if (ret < 0)
		worker_broken("%s:%d: %s: %s", file, line, what,
			      errno_name(errno));
	return ret;
}

void must_zero_at(int ret, const char *what, const char *file, int line)
{
	if (ret)
		worker_broken("%s:%d: %s: %s", file, line, what,
			      ret < 0 ? errno_name(-ret) : "unexpected result");
}

void *must_alloc(size_t len)
{
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (memory == MAP_FAILED)
		worker_broken("no memory: %s", errno_name(errno));
	return memory;
}

void must_thread(void *ret_pthread, void *(*run)(void *arg), void *arg)
{
	sigset_t all, before;
	int ret;

	/*
	 * A thread that blocks in a page fault spins once a signal is pending
	 * for it, so signals go to the main thread only.
	 */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = pthread_create(ret_pthread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (ret)
		worker_broken("no thread: %s", errno_name(ret));
}

int worker_await(bool (*done)(void *arg), void *arg, const char *what,
		 unsigned int limit_ms)
{
	double end = clock_seconds() + limit_ms / 1e3 * self->limit_factor;
	struct timespec interval = {.tv_nsec = 20000};

	while (!done(arg)) {
		if (clock_seconds() > end) {
			worker_note("gave up waiting for %s", what);
			return -ETIMEDOUT;
		}
		nanosleep(&interval, NULL);
		if (interval.tv_nsec < 5000000)
			interval.tv_nsec += interval.tv_nsec / 4;
	}
	return 0;
}

void *device_state(struct device *dev)
{
	return dev->state;
}

const char *device_workdir(struct device *dev)
{
	return dev->worker->workdir;
}

int device_home_netns(struct device *dev)
{
	return dev->worker->home_netns;
}

static int device_open(struct device *device, struct worker *worker)
{
	size_t size = worker->id->mechanism->state_size;

	device->mechanism = worker->id->mechanism;
	device->worker = worker;
	device->pinned = false;
	device->state = calloc(1, size ? size : 1);
	if (!device->state)
		return -ENOMEM;
	return device->mechanism->open ? device->mechanism->open(device) : 0;
}

static void device_close(struct device *device)
{
	if (!device->state)
		return;
	if (device->pinned)
		device->mechanism->unpin(device);
	device->pinned = false;
	if (device->mechanism->close)
		device->mechanism->close(device);
	free(device->state);
	device->state = NULL;
}

void *worker_expected(const struct worker *worker)
{
	struct landing landing =
		mapping_landing(worker->id, worker->window, false);
	char *data = must_alloc(worker->window);

	pattern_fill(&worker->patterns->old_data, 0, data, worker->window);
	pattern_land(&worker->patterns->new_data, &landing, data,
		     worker->window);
	return data;
}

int worker_device_read(struct worker *worker, char *buf)
{
	struct landing landing =
		mapping_landing(worker->id, worker->window, false);

	/* what is not pinned is not read, and not the question */
	pattern_fill(&worker->patterns->old_data, 0, buf, worker->window);
	return worker->device.mechanism->device_read(
		&worker->device, &worker->range, buf + landing.head);
}

enum content worker_check_landed(struct worker *worker, const void *memory,
				 unsigned int view)
{
	struct landing landing =
		mapping_landing(worker->id, worker->window, view & VIEW_CACHED);
	size_t offset;
	enum content content = content_classify(
		worker->patterns, &landing, memory, worker->window, &offset);

	if (view)
		fact_send(worker->facts, FACT_LANDED, NULL, (int)content, view,
			  offset);
	return content;
}

/* What takes no pin now has nothing to be counted */
static bool is_counted(const struct mechanism *mechanism)
{
	return !(mechanism->traits & (MECH_NOTIFIER | MECH_MOMENTARY));
}

int worker_pin(struct worker *worker, const struct range *range,
	       const char *name)
{
	const struct mechanism *mechanism = worker->device.mechanism;
	int64_t before = COUNTER_ABSENT, after;
	int ret;

	if (is_counted(mechanism))
		before = kernel_pins_acquired(ROOT_REAL);
	ret = mechanism->pin(&worker->device, range);
	if (ret || before == COUNTER_ABSENT)
		return ret;
	after = kernel_pins_acquired(ROOT_REAL);
	if (after >= before && after - before < INT32_MAX)
		fact_send(worker->facts, FACT_PINNED, name,
			  (int)(after - before), 0, 0);
	return 0;
}

static int control_write(struct worker *worker, const struct range *range)
{
	struct device *device = &worker->device;
	char *data = worker_expected(worker);
	int ret = device->mechanism->device_write(
		device, range,
		data + mapping_landing(worker->id, worker->window, false).head);

	munmap(data, worker->window);
	return ret;
}

/*
 * Where one part of a range could be treated unlike another, a device that
 * never reaches one of them shows nothing of it: landing, as the mechanism
 * describes it, has to be in both halves. Looked at in the memory itself.
 */
static void check_halves(const struct worker *worker, const char *memory)
{
	size_t half = worker->window / 2;
	char *old_data = must_alloc(worker->window);

	pattern_fill(&worker->patterns->old_data, 0, old_data, worker->window);
	if (!memcmp(memory, old_data, half))
		worker_broken(
			"the device writes nothing in the first half of the range");
	if (!memcmp(memory + half, old_data + half, worker->window - half))
		worker_broken(
			"the device writes nothing in the second half of the range");
	munmap(old_data, worker->window);
}

static int control_cycle(struct worker *worker, char *memory)
{
	struct device *device = &worker->device;
	const struct mechanism *mechanism = device->mechanism;
	struct range range = mapping_range(worker, memory, worker->window);
	int ret, unpinned;

	ret = worker_pin(worker, &range, "control");
	if (ret)
		return ret;
	if (mechanism->device_write)
		ret = control_write(worker, &range);
	unpinned = mechanism->unpin(device);
	if (ret || unpinned)
		return ret ? ret : unpinned;
	if (!mechanism->device_write)
		return 0;
	if (worker_check_landed(worker, memory, 0) != CONTENT_NEW)
		return -EIO;
	if (mapping_flag(worker->id, VARIANT_SEVERAL | VARIANT_UNALIGNED))
		check_halves(worker, memory);
	return 0;
}

int worker_control_pin(struct worker *worker)
{
	char *memory = must_alloc(worker->window);
	int ret = device_open(&worker->device, worker);

	pattern_fill(&worker->patterns->old_data, 0, memory, worker->window);
	if (!ret)
		ret = control_cycle(worker, memory);
	munmap(memory, worker->window);
	return ret;
}

static void prepare(struct worker *worker)
{
	struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};

	self = worker;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "gupcheck-worker");
	signal(SIGPIPE, SIG_IGN);
	/* Pins count against it; a low limit would look like a refusal */
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	locked_read(&worker->before);
}

static void check_locked(const struct worker *worker)
{
	struct locked left;

	locked_await(&worker->before, LOCKED_LIMIT_S * worker->limit_factor,
		     &left);
	if (left.locked > 0)
		fact_send(worker->facts, FACT_LOCKED_LEFT, "VmLck",
			  (int)left.locked, 0, 0);
	if (left.pinned > 0)
		fact_send(worker->facts, FACT_LOCKED_LEFT, "VmPin",
			  (int)left.pinned, 0, 0);
}

void worker_run(struct worker *worker, int commands)
{
	uint32_t number;

	prepare(worker);
	while (recv(commands, &number, sizeof(number), 0) == sizeof(number)) {
		const struct step *step;
		int32_t ret;

		if (number == WORKER_QUIT)
			break;
		step = worker->id->scenario->steps[number];
		ret = step->in_worker(worker, step);
		if (send(commands, &ret, sizeof(ret), MSG_NOSIGNAL) < 0)
			break;
	}
	device_close(&worker->device);
	mapping_done(worker);
	check_locked(worker);
	quit();
}
