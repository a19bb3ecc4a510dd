/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for doctor-vm.c where libarchive or libkmod was missing. */
#include <errno.h>
#include "programs/doctor.h"

int doctor_open_kernel(const char *input, const char *modules,
		       struct checkup *ret, struct error *error)
{
	return error_set(
		error, -ENOSYS,
		"--kernel %s: vm was not built in: build with libarchive and libkmod (-Dvm=enabled), or give the kernel's --config",
		input);
}

int doctor_add_guest(struct checkup *checkup)
{
	return 0;
}

int doctor_add_emulator(struct checkup *checkup, bool optional)
{
	return 0;
}
