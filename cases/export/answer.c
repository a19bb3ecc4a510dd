/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum answer { SAFE, CORRUPT, EXPOSED, OOPS, REFUSED, NO_ANSWER };

static const struct {
	const char *name;
	int exit_code;
} answers[] = {
	[SAFE] = {"SAFE", 0},	    [CORRUPT] = {"CORRUPT", 1},
	[EXPOSED] = {"EXPOSED", 1}, [OOPS] = {"OOPS", 1},
	[REFUSED] = {"REFUSED", 2}, [NO_ANSWER] = {"NO ANSWER", 125},
};

/* The last line; the process that made the mount cleans up afterwards */
static void __attribute__((noreturn, format(printf, 2, 3)))
answer(enum answer answer, const char *format, ...)
{
	va_list args;

	printf("%s: ", answers[answer].name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	_exit(answers[answer].exit_code);
}
