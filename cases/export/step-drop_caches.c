/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Twice: pages on their way to the inactive list are met the second time */
static int step_drop_caches(void)
{
	for (int i = 0; i < 2; i++) {
		int file = open("/proc/sys/vm/drop_caches", O_WRONLY);

		if (file < 0 || write(file, "3\n", 2) != 2)
			return -errno;
		close(file);
	}
	return 0;
}
