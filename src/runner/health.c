/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "plan/plan.h"
#include "runner/health.h"

/* Kernel messages kept per cell, and after each one that means trouble */
#define LOG_MAX 200
#define LOG_CONTEXT 60 /* two dozen lines of registers come first */
/* Facts told per class of messages */
#define TOLD_MAX 16
/* What a program claims is counted behind the classes of the kernel's own */
#define CLAIMS LOG_CLASS_COUNT

static void tell(struct health *health, enum fact_kind kind, const char *name,
		 int value, const char *text)
{
	struct fact fact;

	fact_make(&fact, kind, name, value, text);
	health->tell(health->arg, &fact);
}

static void mark(struct health *health, const char *what, const char *id)
{
	char line[CELL_ID_SIZE + 32];

	snprintf(line, sizeof(line), "gupcheck: %s %s", what, id);
	if (health->kmsg)
		kmsg_mark(health->kmsg, line);
}

void health_begin(struct health *health, const char *id)
{
	health->lost = health->kmsg ? health->kmsg->lost : 0;
	kernel_counters_read(-1, &health->before);
	/* WARN_ON_ONCE must be able to tell of each cell; no debugfs: once */
	warn_once_rearm();
	mark(health, "begin", id);
}

static void keep_line(struct health *health, const char *text)
{
	if (json_array_size(health->log) < LOG_MAX)
		json_array_append_new(health->log,
				      json_stringn_nocheck(text, strlen(text)));
}

static void take_trouble(struct health *health,
			 const struct kmsg_record *record,
			 enum log_class log_class)
{
	bool claimed = record->facility != KMSG_FACILITY_KERNEL;
	unsigned int *told = &health->told[claimed ? CLAIMS : log_class];

	if (!claimed && log_class_is_trouble(log_class))
		health->trouble = true;
	if ((*told)++ < TOLD_MAX)
		tell(health, claimed ? FACT_CLAIMED : FACT_LOG,
		     log_class_to_string(log_class), (int)log_class,
		     record->text);
	health->context = LOG_CONTEXT;
}

static void take_message(struct health *health,
			 const struct kmsg_record *record)
{
	/* without a block device of its own, what names one is not ours */
	enum log_class log_class = classify(
		record->text, health->device[0] ? health->device : "none");

	if (log_class != LOG_HARMLESS)
		take_trouble(health, record, log_class);
	if (health->context) {
		health->context--;
		keep_line(health, record->text);
	}
}

void health_drain(struct health *health)
{
	struct kmsg_record record;
	int ret = 0;

	while (health->kmsg && (ret = kmsg_read(health->kmsg, &record)) > 0)
		take_message(health, &record);
	if (ret < 0)
		tell(health, FACT_LOG_UNREADABLE, "", ret, "");
}

/* What was logged up to our own end marker belongs to this cell */
static void close_window(struct health *health, const char *id)
{
	uint64_t lost;

	if (!health->kmsg) {
		tell(health, FACT_LOG_UNREADABLE, "", 0, "");
		return;
	}
	mark(health, "end", id);
	health_drain(health);
	lost = health->kmsg->lost - health->lost;
	if (lost)
		tell(health, FACT_LOG_GAP, "", lost < 1000000 ? (int)lost : -1,
		     "");
}

static void compare_counters(struct health *health,
			     const struct kernel_counters *after)
{
	/* GPL of a module, an out-of-tree or test module: not our concern */
	const uint64_t bad = 1 << TAINT_BAD_PAGE | 1 << TAINT_DIED |
			     1 << TAINT_WARNED | 1 << TAINT_SOFT_LOCKUP;
	uint64_t fresh = after->taint & ~health->before.taint & bad;
	char letters[TAINT_STRING_SIZE];

	/* a second opinion: where a message tells more, it is not needed */
	if (health->trouble)
		return;
	if (fresh) {
		taint_to_string(fresh, letters);
		tell(health, FACT_TAINT, "", (int)fresh, letters);
	}
	for (enum counter i = 0; i < COUNTER_COUNT; i++) {
		int64_t rise = counter_rise(&health->before, after, i);

		if (rise)
			tell(health, FACT_COUNTER, counter_name(i), (int)rise,
			     "");
	}
}

/* Some are returned by a worker of the kernel, after the process is gone */
static int64_t pins_left(const struct health *health, double patience_s,
			 struct kernel_counters *after)
{
	const struct timespec interval = {.tv_nsec = 5000000};
	double end = clock_seconds() + patience_s;
	int64_t held = kernel_pins_held(&health->before);

	for (;;) {
		kernel_counters_read(-1, after);
		if (kernel_pins_held(after) <= held || clock_seconds() > end)
			return kernel_pins_held(after) - held;
		nanosleep(&interval, NULL);
	}
}

void health_end(struct health *health, const char *id, bool alone,
		double patience_s)
{
	struct kernel_counters after;
	int64_t left = pins_left(health, patience_s, &after);

	if (left > 0)
		tell(health, FACT_PINS_LEFT, alone ? "alone" : "", (int)left,
		     "");
	close_window(health, id);
	compare_counters(health, &after);
}
