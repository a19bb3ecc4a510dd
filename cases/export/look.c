/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "answer.c"
#include "file.c"

#define RECORDS 64

/* What was seen: a read and what it held (or -errno), a step and its result */
static struct record {
	const char *name;
	const char *view; /* of a read; NULL: a step */
	int value;
} records[RECORDS];
static int record_count;

static void record(const char *name, const char *view, int value)
{
	if (record_count == RECORDS)
		answer(NO_ANSWER, "more than %d records", RECORDS);
	records[record_count++] = (struct record){name, view, value};
}

static const char *name(int content)
{
	return content == OLD	    ? "old data"
	       : content == NEW	    ? "new data"
	       : content == FOREIGN ? "foreign data"
	       : !content	    ? "zeroes"
	       : content < 0	    ? strerror(-content)
				    : "a mixture";
}

static int content_of(const char *data)
{
	return memcmp(data, data + 1, SIZE - 1) ? '?' : (unsigned char)data[0];
}

static int read_file(const char *path, int flags)
{
	static char data[1 << 20] __attribute__((aligned(1 << 16)));
	int file = open(path, O_RDONLY | flags);
	ssize_t done;
	int error;

	if (file < 0)
		return -errno;
	done = read(file, data, SIZE);
	error = done < 0 ? errno : EIO;
	close(file);
	return done == (ssize_t)SIZE ? content_of(data) : -error;
}

static void saw(const char *label, const char *view, int content)
{
	printf("read \"%s\", %s: %s\n", label, view, name(content));
	record(label, view, content);
}

/* Before the first step every view has to show what was written */
static void prove(const char *view, int content)
{
	if (content != OLD)
		answer(NO_ANSWER, "%s shows %s before anything happened", view,
		       name(content));
}

static int step(const char *what, int ret)
{
	printf("%s: %s\n", what, ret ? strerror(-ret) : "done");
	record(what, NULL, ret);
	return ret;
}

static void must(const char *what, int ret)
{
	if (step(what, ret))
		answer(NO_ANSWER, "%s: %s", what, strerror(-ret));
}
