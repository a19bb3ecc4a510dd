/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm/libexec.h"

static int found(const char *folder, const char *name, char ret[PATH_MAX])
{
	int len = snprintf(ret, PATH_MAX, "%s/%s", folder, name);

	return len > 0 && len < PATH_MAX && !access(ret, X_OK);
}

static int found_beside_program(const char *name, char ret[PATH_MAX])
{
	char program[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash;

	if (len < 0)
		return 0;
	program[len] = '\0';
	slash = strrchr(program, '/');
	if (!slash)
		return 0;
	*slash = '\0';
	return found(program, name, ret);
}

int libexec_find(const char *name, char ret[PATH_MAX], struct error *error)
{
	static const char *const folders[] = {GUPCHECK_SOURCE_SCRIPTS,
					      GUPCHECK_LIBEXEC_DIR};
	const char *folder = getenv("GUPCHECK_LIBEXEC");

	if (folder && found(folder, name, ret))
		return 0;
	if (found_beside_program(name, ret))
		return 0;
	/* a program in its build folder uses its own tree */
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (found(folders[i], name, ret))
			return 0;
	return error_set(error, -ENOENT,
			 "%s: not found: set GUPCHECK_LIBEXEC to its folder",
			 name);
}
