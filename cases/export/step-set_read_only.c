/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/mount.h>
#include "view-raw.c"

static int step_set_read_only(void)
{
	int ret = find_place(PINNED);

	if (ret)
		return ret;
	if (mount(NULL, "mnt", NULL, MS_REMOUNT | MS_RDONLY | MS_NOATIME, NULL))
		return -errno;
	keep_place = 1;
	return 0;
}
