/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for cmd-vm.c where libarchive or libkmod was missing. */
#include "base/error.h"
#include "programs/commands.h"
#include "programs/options.h"

int cmd_vm(int argc, char **argv)
{
	struct error error = {""};

	error_set(
		&error, 0,
		"vm was not built in: build with libarchive and libkmod (-Dvm=enabled)");
	return common_fail(&error, EXIT_BAD_USAGE);
}
