/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the kernel says from now on; without it only files can tell */
static int open_log(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	return log;
}

/* A record is PRIORITY,...;TEXT; priorities from 8 on are of programs */
static const char *trouble_of(char *record)
{
	static const char *const shapes[] = {
		"WARNING: ", "BUG: ", "kernel BUG at ", "Oops: "};
	char *text = strchr(record, ';');

	if (!text || strtoul(record, NULL, 10) >= 8)
		return NULL;
	text[1 + strcspn(text + 1, "\n")] = 0;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (!strncmp(text + 1, shapes[i], strlen(shapes[i])))
			return text + 1;
	return NULL;
}

static int log_lost; /* messages were overwritten, or could not be read */

/* The first line of trouble, or NULL */
static const char *trouble(int log)
{
	static char record[8192];
	const char *found = NULL;
	ssize_t size;

	while (!found) {
		size = read(log, record, sizeof(record) - 1);
		if (size < 0 && errno == EAGAIN)
			break;
		/* after EPIPE it goes on with what is left */
		log_lost |= size < 0;
		if (size < 0 && errno != EPIPE)
			break;
		if (size < 0)
			continue;
		record[size] = 0;
		found = trouble_of(record);
	}
	return found;
}
