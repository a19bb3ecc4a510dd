/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "look.c"
#include "pin.c"

/* What the pin shows */
static int step_device_read(void)
{
	int seen = device_read();

	saw("device", "pin", seen);
	return seen < 0 ? seen : 0;
}
