/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include "look.c"

/* O_DIRECT: past the page cache */
static void read_direct(const char *label, const char *path)
{
	saw(label, "O_DIRECT", read_file(path, O_DIRECT));
}
