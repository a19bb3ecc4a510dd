/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>
#include "file.c"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PAGE_FRAME ((1ULL << 55) - 1)
#define UNDER_WRITEBACK (1ULL << 8)
#define IN_LARGE_FOLIO (1ULL << 16)

/* Whether all of them are; the flag of a large folio is that of its first page
 */
static int under_writeback(int map, int flags)
{
	for (size_t at = 0; at < SIZE; at += PAGE) {
		uint64_t entry, kind;
		off_t index = (off_t)(((uintptr_t)window + at) / PAGE);

		if (pread(map, &entry, 8, index * 8) != 8 ||
		    pread(flags, &kind, 8, (off_t)(entry & PAGE_FRAME) * 8) !=
			    8)
			return -EIO;
		if (!(kind & (UNDER_WRITEBACK | IN_LARGE_FOLIO)))
			return 0;
	}
	return 1;
}

static int step_start_writeback(void)
{
	int map = open("/proc/self/pagemap", O_RDONLY);
	int flags = open("/proc/kpageflags", O_RDONLY);
	struct timespec pause = {.tv_nsec = 1000000};
	int ret = 0;

	if (map < 0 || flags < 0 ||
	    sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE))
		return -errno;
	for (int i = 0; !ret && i < 10000; i++) {
		ret = under_writeback(map, flags);
		nanosleep(&pause, NULL);
	}
	close(map);
	close(flags);
	return ret < 0 ? ret : ret ? 0 : -ETIMEDOUT;
}
