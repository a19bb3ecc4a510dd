/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "file.c"

/* A store to every page, so that all are present and writable */
static int step_fault_in(void)
{
	for (size_t at = 0; at < SIZE; at += PAGE)
		*(volatile char *)(window + at) = OLD;
	return 0;
}
