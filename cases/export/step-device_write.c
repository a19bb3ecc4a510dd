/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "look.c"
#include "pin.c"

static int step_device_write(void)
{
	return device_write(NEW);
}

/* A device that did not write proves nothing about the kernel */
static void landed(enum answer otherwise, const char *text)
{
	int seen = window	  ? content_of(window)
		   : DEVICE_READS ? device_read()
				  : read_file(PINNED, 0);

	if (seen != NEW)
		answer(otherwise, "%s: %s instead of new data", text,
		       name(seen));
}
