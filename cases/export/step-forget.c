/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "file.c"

/* The second file leaves the page cache */
static int step_forget(void)
{
	int file = open(OTHER, O_RDONLY);
	int ret = file < 0 ? -errno
			   : -posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);

	close(file);
	return ret;
}
