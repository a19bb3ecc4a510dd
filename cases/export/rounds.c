/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "end.c"
#include "look.c"

/* A worker may repair the page in time: until it is too late */
static void __attribute__((noreturn)) run(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		printf("round %d\n", i + 1);
		record_count = 0;
		must("create", create(PINNED, OLD));
		prove_views();
		run_steps();
		if (window)
			munmap(window, SIZE + PAGE);
		if (fd >= 0)
			close(fd);
		window = NULL;
		fd = -1;
		unlink(PINNED);
		unlink(OTHER);
	}
	end();
}
