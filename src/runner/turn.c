/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stddef.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "base/cleanup.h"
#include "runner/turn.h"

#define QUEUE 64

static socklen_t turn_address(const char *name, struct sockaddr_un *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->sun_family = AF_UNIX;
	snprintf(ret->sun_path + 1, sizeof(ret->sun_path) - 1, "%s", name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   strlen(ret->sun_path + 1));
}

/* Whoever holds the turn never answers; the connection ends with it */
static int wait_for_holder(const struct sockaddr_un *address, socklen_t len)
{
	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char byte;

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)address, len) < 0)
		return errno == EINTR ? -EINTR : 0;
	return recv(fd, &byte, 1, 0) < 0 && errno == EINTR ? -EINTR : 0;
}

int turn_wait(const char *name, void (*waiting)(void))
{
	struct sockaddr_un address;
	socklen_t len = turn_address(name, &address);
	bool told = false;

	for (;;) {
		cleanup_close int fd =
			socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		int ret;

		if (fd < 0)
			return -errno;
		if (!bind(fd, (const struct sockaddr *)&address, len))
			return listen(fd, QUEUE) < 0 ? -errno : take_fd(&fd);
		if (errno != EADDRINUSE)
			return -errno;
		if (waiting && !told)
			waiting();
		told = true;
		ret = wait_for_holder(&address, len);
		if (ret < 0)
			return ret;
	}
}
