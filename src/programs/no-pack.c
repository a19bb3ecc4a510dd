/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for pack.c where libarchive was missing. */
#include <errno.h>
#include "programs/pack.h"

int pack_folder(const char *base, const char *name, struct error *error)
{
	return error_set(
		error, -ENOSYS,
		"--archive: libarchive was not built in: pack the folders of %s with tar",
		base);
}
