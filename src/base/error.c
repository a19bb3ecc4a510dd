/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Largest errno that a Linux system call can return. */
#define ERRNO_MAX 4095

int error_set(struct error *error, int ret, const char *format, ...)
{
	size_t len;
	va_list args;

	if (!error || error->text[0])
		return ret;

	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);

	len = strlen(error->text);
	if (ret < 0 && len && format[strlen(format) - 1] == ':')
		snprintf(error->text + len, sizeof(error->text) - len, " %s",
			 strerror(-ret));
	return ret;
}

const char *errno_name(int error)
{
	static _Thread_local char number[16];
	const char *name;

	if (!error)
		return "";
	name = strerrorname_np(error);
	if (name)
		return name;
	snprintf(number, sizeof(number), "%d", error);
	return number;
}

int errno_from_name(const char *name)
{
	for (int error = 1; error <= ERRNO_MAX; error++) {
		const char *known = strerrorname_np(error);

		if (known && !strcmp(known, name))
			return error;
	}

	/* Two names that Linux gives to the number of another one. */
	if (!strcmp(name, "EWOULDBLOCK"))
		return EWOULDBLOCK;
	if (!strcmp(name, "ENOTSUP"))
		return ENOTSUP;
	return 0;
}
