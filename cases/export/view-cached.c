/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "look.c"

/* read(2) as anybody does it */
static void read_cached(const char *label, const char *path)
{
	saw(label, "page cache", read_file(path, 0));
}
