/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/console.h"
#include "vm/printable.h"

/* A kernel prints its banner among the first lines. */
#define BANNER_WITHIN (64 * 1024)
#define BANNER "Linux version "
/* QEMU names itself in front of its own words */
#define EMULATOR "qemu-system-"
#define LAST_LINE_WITHIN 2048
/* Enough for a report; the file has the rest. */
#define FACTS_MAX 40

off_t console_size(int fd)
{
	struct stat st;

	return fstat(fd, &st) < 0 ? 0 : st.st_size;
}

bool console_kernel_seen(int fd)
{
	cleanup_free char *text = malloc(BANNER_WITHIN);
	ssize_t len = text ? pread(fd, text, BANNER_WITHIN, 0) : 0;

	return len > 0 && memmem(text, (size_t)len, BANNER, strlen(BANNER));
}

bool console_guest_seen(int fd)
{
	cleanup_free char *text = calloc(1, BANNER_WITHIN + 1);
	ssize_t len = text ? pread(fd, text, BANNER_WITHIN, 0) : 0;

	for (char *line = text; len > 0 && line < text + len;
	     line += strcspn(line, "\n") + 1) {
		line += strspn(line, " \t\r");
		/* one that holds a NUL is the guest's, too */
		if (*line != '\n' && strncmp(line, EMULATOR, strlen(EMULATOR)))
			return true;
	}
	return false;
}

static int take_line(const char *line, struct console_findings *findings)
{
	const char *text;
	enum log_class found = classify_console(line, NULL, &text);
	struct fact fact = {.kind = FACT_LOG, .value = (int32_t)found};

	if (strstr(line, "Attempted to kill init"))
		findings->init_died = true;
	if (found > findings->worst)
		findings->worst = found;
	if (found == LOG_HARMLESS || findings->observation.count >= FACTS_MAX)
		return 0;
	snprintf(fact.name, sizeof(fact.name), "%s",
		 log_class_to_string(found));
	snprintf(fact.text, sizeof(fact.text), "%s", text);
	fact.text[strcspn(fact.text, "\r\n")] = '\0';
	printable(fact.text);
	return observation_add(&findings->observation, &fact);
}

/* Opens the console for reading lines; its descriptor stays open. */
static FILE *open_lines(int fd, off_t from)
{
	cleanup_close int copy = dup(fd);
	cleanup_fclose FILE *file = copy < 0 ? NULL : fdopen(copy, "r");

	if (!file)
		return NULL;
	take_fd(&copy);
	return fseeko(file, from, SEEK_SET) < 0 ? NULL : take_pointer(file);
}

off_t console_find_begin(int fd, off_t otherwise, const char *id)
{
	cleanup_fclose FILE *file = open_lines(fd, 0);
	cleanup_free char *line = NULL;
	char mark[256];
	size_t size = 0;
	off_t found = otherwise;

	snprintf(mark, sizeof(mark), "gupcheck: begin %s", id);
	while (file && getline(&line, &size, file) >= 0) {
		const char *at = strstr(line, mark);

		/* not that of a variant, whose name is longer */
		if (at && strchr("\r\n", at[strlen(mark)]))
			found = ftello(file);
	}
	return found;
}

int console_classify(int fd, off_t from, struct console_findings *ret)
{
	cleanup_fclose FILE *file = open_lines(fd, from);
	cleanup_free char *line = NULL;
	struct console_findings findings = {0};
	size_t size = 0;
	int result = 0;

	if (!file)
		return -errno;
	while (!result && getline(&line, &size, file) >= 0)
		result = take_line(line, &findings);
	if (result < 0) {
		observation_done(&findings.observation);
		return result;
	}
	*ret = findings;
	return 0;
}

json_t *console_log(int fd, off_t from)
{
	cleanup_fclose FILE *file = open_lines(fd, from);
	cleanup_free char *line = NULL;
	json_t *log = json_array();
	bool trouble = false;
	size_t size = 0;

	while (log && file && json_array_size(log) < CONSOLE_LOG_MAX &&
	       getline(&line, &size, file) >= 0) {
		const char *begin;
		char *text;

		trouble |= log_class_is_trouble(
			classify_console(line, NULL, &begin));
		text = line + (begin - line);
		text[strcspn(text, "\r\n")] = '\0';
		if (trouble)
			json_array_append_new(log,
					      json_string(printable(text)));
	}
	return log;
}

void console_last_line(int fd, char *ret, size_t size)
{
	char text[LAST_LINE_WITHIN + 1];
	off_t end = console_size(fd);
	off_t from = end > LAST_LINE_WITHIN ? end - LAST_LINE_WITHIN : 0;
	ssize_t len = pread(fd, text, LAST_LINE_WITHIN, from);
	char *start;

	ret[0] = '\0';
	while (len > 0 && (unsigned char)text[len - 1] <= ' ')
		len--;
	if (len <= 0)
		return;
	text[len] = '\0';
	start = strrchr(text, '\n');
	snprintf(ret, size, "%s", start ? start + 1 : text);
	printable(ret);
}
