/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "kernel/memory.h"
#include "kernel/root.h"

int memory_check(int root, unsigned int mib, const char *what, const char *mend,
		 struct error *error)
{
	cleanup_free char *text = NULL;
	int ret = root_read(root, "/proc/meminfo", &text);
	const char *line = ret < 0 ? NULL : strstr(text, "MemAvailable:");
	unsigned long kib;

	if (!line || sscanf(line, "MemAvailable: %lu kB", &kib) != 1)
		return error_set(
			error, ret < 0 ? ret : -ENODATA,
			"/proc/meminfo does not tell how much memory is available:");
	if (kib >> 10 >= mib)
		return 0;
	return error_set(error, -ENOSPC,
			 "%s %u MiB of memory, %lu are available: %s", what,
			 mib, kib >> 10, mend);
}
