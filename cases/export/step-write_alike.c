/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "file.c"

static int step_write_alike(void)
{
	return create(OTHER, NEW);
}
