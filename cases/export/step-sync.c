/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "file.c"

static int step_sync(void)
{
	return sync_mount();
}
