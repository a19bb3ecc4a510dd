/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "runner/speed.h"

/*
 * Seconds that one round takes where limits are taken as they stand: several
 * times what a server of today needs, since limits are generous anyway.
 */
#define REFERENCE_S 0.050
/* The best of them: what else the machine does can only add */
#define ROUNDS 3

#define PROCESSES 20
#define MAPPINGS 40
#define MAPPING_SIZE (64 * 4096)
#define CALLS 10000

static void spawn(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void fault(void)
{
	char *map = mmap(NULL, MAPPING_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return;
	memset(map, 1, MAPPING_SIZE);
	munmap(map, MAPPING_SIZE);
}

static double round_seconds(void)
{
	double begin = clock_seconds();

	for (int i = 0; i < PROCESSES; i++)
		spawn();
	for (int i = 0; i < MAPPINGS; i++)
		fault();
	for (int i = 0; i < CALLS; i++)
		syscall(SYS_getppid);
	return clock_seconds() - begin;
}

double speed_factor(void)
{
	double best = round_seconds();
	double factor;

	for (int i = 1; i < ROUNDS; i++) {
		double seconds = round_seconds();

		if (seconds < best)
			best = seconds;
	}
	factor = best / REFERENCE_S;
	if (factor < 1)
		return 1;
	return factor < SPEED_FACTOR_MAX ? factor : SPEED_FACTOR_MAX;
}
