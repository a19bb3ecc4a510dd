/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/mount.h>
#include "mount.c"

static int step_remount(void)
{
	return umount2("mnt", 0) ? -errno : mount_it();
}
