/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "write-back.c"

static int step_write_back_readonly(void)
{
	return try_write_back();
}
