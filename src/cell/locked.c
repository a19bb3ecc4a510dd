/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/cleanup.h"
#include "base/clock.h"
#include "cell/locked.h"

void locked_read(struct locked *ret)
{
	cleanup_fclose FILE *file = fopen("/proc/self/status", "re");
	char line[256];

	memset(ret, 0, sizeof(*ret));
	while (file && fgets(line, sizeof(line), file)) {
		sscanf(line, "VmLck: %ld kB", &ret->locked);
		sscanf(line, "VmPin: %ld kB", &ret->pinned);
	}
}

void locked_await(const struct locked *before, double limit_s,
		  struct locked *ret)
{
	const struct timespec interval = {.tv_nsec = 2000000};
	double end = clock_seconds() + limit_s;

	for (;;) {
		locked_read(ret);
		ret->locked -= before->locked;
		ret->pinned -= before->pinned;
		if ((ret->locked <= 0 && ret->pinned <= 0) ||
		    clock_seconds() > end)
			return;
		nanosleep(&interval, NULL);
	}
}
