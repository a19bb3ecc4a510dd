/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "cell/keeper.h"
#include "media/mapper.h"

#define SETTINGS_MAX 8

enum request_kind {
	REQUEST_FREEZE, /* comes with a descriptor of the filesystem */
	REQUEST_THAW,
	REQUEST_SUSPEND, /* @path is the name of the device */
	REQUEST_RESUME,
	REQUEST_SETTING,
	REQUEST_SETTING_DONE,
};

/** struct request - each is answered with an int32_t: 0 or -errno */
struct request {
	uint32_t kind;
	uint32_t limit_s;
	int64_t value;
	char path[KEEPER_PATH_SIZE];
};

/**
 * struct charge - what the keeper has to put right
 * @dir: of the frozen filesystem, -1 for none
 * @mapper: name of the suspended device, "" for none
 * @release_at: when these are let go in any case
 */
struct charge {
	int dir;
	char mapper[KEEPER_PATH_SIZE];
	double release_at;
	struct {
		char path[KEEPER_PATH_SIZE];
		int64_t value;
	} settings[SETTINGS_MAX];
};

static void thaw(struct charge *charge)
{
	if (charge->dir >= 0)
		ioctl(charge->dir, FITHAW, 0);
	charge->dir = fd_close(charge->dir);
}

static void resume(struct charge *charge)
{
	if (charge->mapper[0])
		mapper_resume(charge->mapper);
	charge->mapper[0] = '\0';
}

static bool is_held(const struct charge *charge)
{
	return charge->dir >= 0 || charge->mapper[0];
}

static void release(struct charge *charge)
{
	thaw(charge);
	resume(charge);
}

static void write_back(const char *path, int64_t value)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);
	char text[32];
	int len = snprintf(text, sizeof(text), "%lld\n", (long long)value);

	if (fd >= 0)
		fd_write_all(fd, text, (size_t)len);
}

static int take_setting(struct charge *charge, const char *path, int64_t value)
{
	for (size_t i = 0; i < SETTINGS_MAX; i++) {
		if (charge->settings[i].path[0])
			continue;
		memcpy(charge->settings[i].path, path, KEEPER_PATH_SIZE);
		charge->settings[i].value = value;
		return 0;
	}
	return -ENOSPC;
}

static int forget_setting(struct charge *charge, const char *path)
{
	for (size_t i = 0; i < SETTINGS_MAX; i++)
		if (!strcmp(charge->settings[i].path, path))
			charge->settings[i].path[0] = '\0';
	return 0;
}

static int serve(struct charge *charge, struct request *request, int fd)
{
	request->path[KEEPER_PATH_SIZE - 1] = '\0';
	switch ((enum request_kind)request->kind) {
	case REQUEST_FREEZE:
		if (fd < 0 || is_held(charge))
			break;
		charge->dir = fd;
		charge->release_at = clock_seconds() + request->limit_s;
		return 0;
	case REQUEST_THAW:
		thaw(charge);
		return 0;
	case REQUEST_SUSPEND:
		if (!request->path[0] || is_held(charge))
			break;
		memcpy(charge->mapper, request->path, KEEPER_PATH_SIZE);
		charge->release_at = clock_seconds() + request->limit_s;
		return 0;
	case REQUEST_RESUME:
		resume(charge);
		return 0;
	case REQUEST_SETTING:
		return take_setting(charge, request->path, request->value);
	case REQUEST_SETTING_DONE:
		return forget_setting(charge, request->path);
	}
	fd_close(fd);
	return -EINVAL;
}

/* One request with the descriptor that came along: 1, or 0 at the end */
static int receive(int socket, struct request *ret, int *ret_fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec data = {.iov_base = ret, .iov_len = sizeof(*ret)};
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	ssize_t n;

	do
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	*ret_fd = -1;
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(header), sizeof(int));
	return n == sizeof(*ret);
}

static void follow(int socket, struct charge *charge)
{
	struct pollfd input = {.fd = socket, .events = POLLIN};

	for (;;) {
		double left = charge->release_at - clock_seconds();
		struct request request;
		int32_t answer;
		int fd, ready;

		ready = poll(&input, 1,
			     !is_held(charge) ? -1
			     : left > 0	      ? (int)(left * 1e3) + 1
					      : 0);
		if (!ready)
			release(charge);
		if (ready <= 0)
			continue;
		if (!receive(socket, &request, &fd))
			return;
		answer = serve(charge, &request, fd);
		send(socket, &answer, sizeof(answer), MSG_NOSIGNAL);
	}
}

static _Noreturn void keep(int socket)
{
	struct charge charge = {.dir = -1};
	sigset_t all;

	/* neither the terminal nor the death of the parent ends the keeper */
	setsid();
	prctl(PR_SET_PDEATHSIG, 0);
	prctl(PR_SET_NAME, "gupcheck-keeper");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	follow(socket, &charge);
	release(&charge);
	for (size_t i = 0; i < SETTINGS_MAX; i++)
		if (charge.settings[i].path[0])
			write_back(charge.settings[i].path,
				   charge.settings[i].value);
	_exit(0);
}

int keeper_start(struct keeper *ret)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	pid = fork();
	if (!pid) {
		fd_close(ends[0]);
		keep(ends[1]);
	}
	fd_close(ends[1]);
	if (pid < 0) {
		fd_close(ends[0]);
		return -errno;
	}
	ret->fd = ends[0];
	return 0;
}

static int ask(struct keeper *keeper, const struct request *request, int fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec data = {.iov_base = (void *)(uintptr_t)request,
			     .iov_len = sizeof(*request)};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
	int32_t answer;

	if (keeper->fd < 0)
		return -ENOTCONN;
	if (fd >= 0) {
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(int));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	if (sendmsg(keeper->fd, &message, MSG_NOSIGNAL) < 0)
		return -errno;
	if (recv(keeper->fd, &answer, sizeof(answer), 0) != sizeof(answer))
		return -EPIPE;
	return answer;
}

int keeper_freeze(struct keeper *keeper, const char *dir, unsigned int limit_s)
{
	struct request request = {.kind = REQUEST_FREEZE, .limit_s = limit_s};
	cleanup_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : ask(keeper, &request, fd);
}

int keeper_thaw(struct keeper *keeper)
{
	struct request request = {.kind = REQUEST_THAW};

	return ask(keeper, &request, -1);
}

static int ask_path(struct keeper *keeper, struct request *request,
		    const char *path)
{
	if (strlen(path) >= sizeof(request->path))
		return -ENAMETOOLONG;
	memcpy(request->path, path, strlen(path) + 1);
	return ask(keeper, request, -1);
}

int keeper_suspend(struct keeper *keeper, const char *name,
		   unsigned int limit_s)
{
	struct request request = {.kind = REQUEST_SUSPEND, .limit_s = limit_s};

	return ask_path(keeper, &request, name);
}

int keeper_resume(struct keeper *keeper)
{
	struct request request = {.kind = REQUEST_RESUME};

	return ask(keeper, &request, -1);
}

int keeper_setting(struct keeper *keeper, const char *path, long value)
{
	struct request request = {.kind = REQUEST_SETTING, .value = value};

	return ask_path(keeper, &request, path);
}

int keeper_setting_done(struct keeper *keeper, const char *path)
{
	struct request request = {.kind = REQUEST_SETTING_DONE};

	return ask_path(keeper, &request, path);
}

void keeper_stop(struct keeper *keeper)
{
	keeper->fd = fd_close(keeper->fd);
}
