/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#ifdef __x86_64__
#include <x86intrin.h>
#endif

#include "vm/tsc.h"

#ifdef __x86_64__

#define TRIES 16
#define WINDOW_NS 20000000
#define KHZ_MIN 100000 /* the kernel takes no less for a clock */

/** struct moment - the counter, and the time at which it was read */
struct moment {
	uint64_t tsc;
	int64_t ns;
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC_RAW, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* Of several readings the one that took least: nobody came between. */
static struct moment read_moment(void)
{
	struct moment best = {0};
	int64_t least = INT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		int64_t before = now();
		uint64_t tsc = __rdtsc();
		int64_t took = now() - before;

		if (took < least) {
			least = took;
			best = (struct moment){tsc, before + took / 2};
		}
	}
	return best;
}

const char *tsc_argument(char ret[CLOCK_ARGUMENT_SIZE])
{
	struct timespec window = {.tv_nsec = WINDOW_NS};
	struct moment begin = read_moment(), end;
	uint64_t khz;

	nanosleep(&window, NULL);
	end = read_moment();
	ret[0] = '\0';
	if (end.ns <= begin.ns)
		return ret;
	khz = (end.tsc - begin.tsc) * 1000000 / (uint64_t)(end.ns - begin.ns);
	if (khz >= KHZ_MIN)
		snprintf(ret, CLOCK_ARGUMENT_SIZE, "tsc_early_khz=%llu",
			 (unsigned long long)khz);
	return ret;
}

#else

const char *tsc_argument(char ret[CLOCK_ARGUMENT_SIZE])
{
	ret[0] = '\0';
	return ret;
}

#endif
