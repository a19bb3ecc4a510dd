/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/boot-id.h"
#include "kernel/root.h"

void boot_id_read(char ret[BOOT_ID_SIZE])
{
	if (root_read_line(ROOT_REAL, "/proc/sys/kernel/random/boot_id", ret,
			   BOOT_ID_SIZE) < 0)
		ret[0] = '\0';
}
