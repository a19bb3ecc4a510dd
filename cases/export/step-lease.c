/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include "file.c"

static int step_lease(void)
{
	return fcntl(fd, F_SETLEASE, F_RDLCK) ? -errno : 0;
}
