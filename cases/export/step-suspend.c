/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device.c"

static int step_suspend(void)
{
	return suspend();
}
