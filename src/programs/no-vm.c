/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for cmd-vm.c where libarchive or libkmod was missing. */
#include <errno.h>
#include "base/error.h"
#include "programs/bisect.h"
#include "programs/commands.h"
#include "programs/options.h"
#include "vm/vmlinux.h"

int cmd_vm(int argc, char **argv)
{
	struct error error = {""};

	error_set(
		&error, 0,
		"vm was not built in: build with libarchive and libkmod (-Dvm=enabled)");
	return common_fail(&error, bisect_wanted(argc, argv)
					   ? (int)EXIT_BISECT_USAGE
					   : (int)EXIT_BAD_USAGE);
}

/* No build tree is known to the journal of a build without guests */
int vmlinux_find(const char *folder, const char *input, const char *image,
		 char ret[PATH_MAX], struct error *error)
{
	return -ENOENT;
}
