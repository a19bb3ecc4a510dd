/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <unistd.h>

/* The filesystem's own checker, which changes nothing */
static void check_image(void)
{
	static char *argv[] = {CHECK, "image", NULL};
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execvp(argv[0], argv);
	_exit(127); /* as a shell does: it could not be started */
}
