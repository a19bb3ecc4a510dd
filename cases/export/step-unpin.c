/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin.c"

static int step_unpin(void)
{
	return unpin();
}
