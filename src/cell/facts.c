/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include "cell/facts.h"

void fact_deliver(int fd, const struct fact *fact)
{
	while (send(fd, fact, sizeof(*fact), MSG_NOSIGNAL) < 0 &&
	       errno == EINTR)
		;
}

void fact_send(int fd, enum fact_kind kind, const char *name, int value,
	       unsigned int view, uint64_t offset)
{
	struct fact fact;

	fact_make(&fact, kind, name, value, NULL);
	fact.view = view;
	fact.offset = offset;
	fact_deliver(fd, &fact);
}

void fact_say(int fd, enum fact_kind kind, const char *format, ...)
{
	struct fact fact = {.kind = kind};
	va_list args;

	va_start(args, format);
	vsnprintf(fact.text, sizeof(fact.text), format, args);
	va_end(args);
	fact_deliver(fd, &fact);
}

int fact_receive(int fd, struct fact *ret)
{
	ssize_t n = recv(fd, ret, sizeof(*ret), MSG_DONTWAIT);

	if (n < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	if (!n)
		return 0;
	/* nobody but our own code has the socket: a short packet is a bug */
	if (n != sizeof(*ret) || ret->kind >= FACT_COUNT)
		return -EBADMSG;
	ret->name[FACT_NAME_SIZE - 1] = '\0';
	ret->text[FACT_TEXT_SIZE - 1] = '\0';
	return 1;
}
