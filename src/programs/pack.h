/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROGRAMS_PACK_H
#define PROGRAMS_PACK_H

#include "base/error.h"

/** PACK_SUFFIX - of the archives that pack_folder() makes */
#define PACK_SUFFIX ".tar.zst"

/**
 * pack_folder() - put the files of a folder into an archive beside it
 * @base: the folder that both are in
 * @name: of the folder; the archive is @name and PACK_SUFFIX
 *
 * The same files give the same bytes: no times, no owners. Return: 0, or -errno
 * with a line of @error; -ENOSYS in a build without libarchive.
 */
int pack_folder(const char *base, const char *name, struct error *error);

#endif
