/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/kmsg.h"

#define RECORD_SIZE 8192 /* the kernel's own limit for one read */
#define MARK_SIZE 900 /* it refuses lines of about 1000 bytes */
#define OPEN_READS_MAX 65536

/* Digits up to @end; `*at` moves behind @end. */
static int number(const char **at, const char *limit, char end, uint64_t *ret)
{
	uint64_t value = 0;
	const char *p = *at;

	for (; p < limit && *p >= '0' && *p <= '9'; p++) {
		if (value > (UINT64_MAX - 9) / 10)
			return -EINVAL;
		value = value * 10 + (uint64_t)(*p - '0');
	}
	if (p == *at || p == limit || *p != end)
		return -EINVAL;
	*at = p + 1;
	*ret = value;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte written as `\xNN` at @at, or -1 */
static int escaped(const char *at, const char *limit)
{
	int high, low;

	if (limit - at < 4 || at[0] != '\\' || at[1] != 'x')
		return -1;
	high = hex_digit(at[2]);
	low = hex_digit(at[3]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Stops at the line end: what follows are ` KEY=value` lines. */
static void decode(const char *at, const char *limit, char text[KMSG_TEXT_SIZE])
{
	size_t used = 0;

	while (at < limit && *at != '\n' && used < KMSG_TEXT_SIZE - 1) {
		int byte = escaped(at, limit);

		at += byte < 0 ? 1 : 4;
		if (byte < 0)
			byte = (unsigned char)at[-1];
		/* a NUL would hide the rest of the line from the classifier */
		text[used++] = byte ? (char)byte : ' ';
	}
	text[used] = '\0';
}

int kmsg_parse(const char *raw, size_t len, struct kmsg_record *ret)
{
	const char *limit = raw + len;
	const char *text = memchr(raw, ';', len);
	uint64_t priority, sequence, usec;

	/* cut to 32 bits it would pass for one of the kernel itself */
	if (!text || number(&raw, text, ',', &priority) < 0 ||
	    priority > UINT32_MAX || number(&raw, text, ',', &sequence) < 0 ||
	    (number(&raw, text + 1, ',', &usec) < 0 &&
	     number(&raw, text + 1, ';', &usec) < 0))
		return -EINVAL;
	ret->level = priority & 7;
	ret->facility = (unsigned int)(priority >> 3);
	ret->sequence = sequence;
	ret->usec = usec;
	decode(text + 1, limit, ret->text);
	return 0;
}

/*
 * The line end matters: without it the kernel holds the record back from
 * readers until somebody else says something, in case it goes on.
 */
int kmsg_mark(struct kmsg *kmsg, const char *line)
{
	char text[MARK_SIZE], path[32];
	int len = snprintf(text, sizeof(text) - 1, "<5>%s", line);
	cleanup_close int fd = -1;

	if (len < 0)
		return -EINVAL;
	for (char *end = text; (end = strchr(end, '\n'));)
		*end = ' ';
	strcat(text, "\n");
	/* The kernel limits how much it takes in from one open file */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", kmsg->fd);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (write(fd < 0 ? kmsg->fd : fd, text, strlen(text)) < 0)
		return -errno;
	return 0;
}

/* One record; where it stands in the sequence is not looked at */
static int read_record(struct kmsg *kmsg, struct kmsg_record *ret)
{
	char raw[RECORD_SIZE];

	for (;;) {
		ssize_t len = read(kmsg->fd, raw, sizeof(raw));

		if (len > 0) {
			int parsed = kmsg_parse(raw, (size_t)len, ret);

			return parsed < 0 ? parsed : 1;
		}
		if (len == 0 || errno == EAGAIN)
			return 0;
		/*
		 * EPIPE: overwritten before we came; EINVAL: larger than the
		 * buffer, and skipped by the kernel. Either way the sequence
		 * number of the next record tells how much is missing.
		 */
		if (errno != EINTR && errno != EPIPE && errno != EINVAL)
			return -errno;
	}
}

/*
 * Learn the next sequence number from a line of our own. Where we cannot write,
 * or the kernel drops what user space writes, the first record will tell.
 */
static void learn_sequence(struct kmsg *kmsg)
{
	struct kmsg_record record;
	struct timespec now;
	char line[96];

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(line, sizeof(line), "gupcheck: log of %d begins at %lld.%09ld",
		 (int)getpid(), (long long)now.tv_sec, now.tv_nsec);
	if (kmsg_mark(kmsg, line) < 0)
		return;
	for (int i = 0; i < OPEN_READS_MAX; i++) {
		if (read_record(kmsg, &record) != 1)
			return;
		kmsg->next = record.sequence + 1;
		if (!strcmp(record.text, line))
			return;
	}
}

int kmsg_open(struct kmsg *ret)
{
	const int flags = O_NONBLOCK | O_CLOEXEC;
	cleanup_close int fd = open("/dev/kmsg", O_RDWR | flags);
	struct kmsg kmsg;

	if (fd < 0)
		fd = open("/dev/kmsg", O_RDONLY | flags);
	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	kmsg = (struct kmsg){.fd = fd};
	learn_sequence(&kmsg);
	take_fd(&fd);
	*ret = kmsg;
	return 0;
}

int kmsg_read(struct kmsg *kmsg, struct kmsg_record *ret)
{
	int got = read_record(kmsg, ret);

	if (got != 1)
		return got;
	if (kmsg->next && ret->sequence > kmsg->next)
		kmsg->lost += ret->sequence - kmsg->next;
	kmsg->next = ret->sequence + 1;
	return 1;
}

void kmsg_close(struct kmsg *kmsg)
{
	kmsg->fd = fd_close(kmsg->fd);
}
