/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/counters.h"
#include "kernel/root.h"

#define REARM "/sys/kernel/debug/clear_warn_once"

static const char *const counter_paths[COUNTER_COUNT] = {
	[COUNTER_WARN] = "/sys/kernel/warn_count",
	[COUNTER_OOPS] = "/sys/kernel/oops_count",
	[COUNTER_HUNG_TASK] = "/proc/sys/kernel/hung_task_detect_count",
	[COUNTER_SOFT_LOCKUP] = "/sys/kernel/softlockup_count",
	[COUNTER_HARD_LOCKUP] = "/sys/kernel/hardlockup_count",
	[COUNTER_RCU_STALL] = "/sys/kernel/rcu_stall_count",
};

/* A value that is no number counts as absent, never as 0. */
static int64_t parse(const char *text)
{
	int64_t value;
	char *end;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || (*end && *end != '\n') || value < 0)
		return COUNTER_ABSENT;
	return value;
}

static int64_t read_number(int root, const char *path)
{
	char line[32];

	if (root_read_line(root, path, line, sizeof(line)) < 0)
		return COUNTER_ABSENT;
	return parse(line);
}

static int64_t vmstat_number(const char *vmstat, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = vmstat; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, len) && line[len] == ' ')
			return parse(line + len + 1);
	}
	return COUNTER_ABSENT;
}

/*
 * Each processor counts for itself, and /proc/vmstat lags behind by up to a
 * hundred or so of each (mm/vmstat.c, vmstat_refresh()): ask for the sum.
 */
static int refresh(int root)
{
	cleanup_close int fd = root_open(root, "/proc/sys/vm/stat_refresh");
	ssize_t n = 1;
	char byte;

	if (fd < 0)
		return fd;
	while (n > 0)
		n = read(fd, &byte, 1);
	return n < 0 ? -errno : 0;
}

void kernel_counters_read(int root, struct kernel_counters *ret)
{
	cleanup_free char *vmstat = NULL;
	int64_t taint = read_number(root, "/proc/sys/kernel/tainted");

	ret->taint = taint < 0 ? 0 : (uint64_t)taint;
	for (size_t i = 0; i < COUNTER_COUNT; i++)
		ret->events[i] = read_number(root, counter_paths[i]);
	ret->pins_acquired = COUNTER_ABSENT;
	ret->pins_released = COUNTER_ABSENT;
	refresh(root);
	if (root_read(root, "/proc/vmstat", &vmstat) < 0)
		return;
	ret->pins_acquired = vmstat_number(vmstat, "nr_foll_pin_acquired");
	ret->pins_released = vmstat_number(vmstat, "nr_foll_pin_released");
}

int64_t kernel_pins_acquired(int root)
{
	cleanup_free char *vmstat = NULL;

	if (refresh(root) < 0 || root_read(root, "/proc/vmstat", &vmstat) < 0)
		return COUNTER_ABSENT;
	return vmstat_number(vmstat, "nr_foll_pin_acquired");
}

const char *counter_name(enum counter counter)
{
	return strrchr(counter_paths[counter], '/') + 1;
}

int64_t counter_rise(const struct kernel_counters *before,
		     const struct kernel_counters *after, enum counter counter)
{
	int64_t from = before->events[counter];
	int64_t to = after->events[counter];

	return from == COUNTER_ABSENT || to <= from ? 0 : to - from;
}

int64_t kernel_pins_held(const struct kernel_counters *counters)
{
	if (counters->pins_acquired == COUNTER_ABSENT ||
	    counters->pins_released == COUNTER_ABSENT)
		return 0;
	return counters->pins_acquired - counters->pins_released;
}

int warn_once_rearm(void)
{
	cleanup_close int fd = open(REARM, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1", 1) < 0)
		return -errno;
	return 0;
}

const char *taint_to_string(uint64_t bits, char buffer[TAINT_STRING_SIZE])
{
	static const char letters[] = "PFSRMBUDAWCIOELKXTNJ";
	size_t used = 0;

	for (size_t bit = 0; bit < 64; bit++) {
		if (!(bits >> bit & 1))
			continue;
		buffer[used++] = bit < strlen(letters) ? letters[bit] : '?';
	}
	buffer[used] = '\0';
	return buffer;
}
