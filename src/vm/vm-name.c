/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "vm/vm.h"

/* Not `#`, which ends a name in TAP, and not `:`, by which compare() splits */
#define NUMBER_MARK "~"

void vm_name(const char *release, unsigned int number, char ret[VM_NAME_SIZE])
{
	int len = IMAGE_RELEASE_SIZE - 1;

	if (number < 2)
		snprintf(ret, VM_NAME_SIZE, "%.*s", len, release);
	else
		snprintf(ret, VM_NAME_SIZE, "%.*s" NUMBER_MARK "%u", len,
			 release, number);
}

bool vm_name_fits(const char *name, const char *release)
{
	size_t len = strlen(release);
	const char *rest = name + len;

	if (strncmp(name, release, len) != 0)
		return false;
	if (!*rest)
		return true;
	return !strncmp(rest, NUMBER_MARK, strlen(NUMBER_MARK)) &&
	       rest[1] >= '1' && rest[1] <= '9' &&
	       !rest[1 + strspn(rest + 1, "0123456789")];
}
