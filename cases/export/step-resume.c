/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device.c"

static int step_resume(void)
{
	return resume();
}
