/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "base/cleanup.h"
#include "cell/guardian.h"

static _Noreturn void guard(int dir, int pipe, unsigned int limit_s)
{
	struct pollfd end = {.fd = pipe};
	sigset_t all;

	/* neither the terminal nor the death of the parent ends the guard */
	setsid();
	prctl(PR_SET_PDEATHSIG, 0);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	poll(&end, 1, (int)limit_s * 1000);
	ioctl(dir, FITHAW, 0);
	_exit(0);
}

int guardian_start(struct guardian *guardian, const char *dir,
		   unsigned int limit_s)
{
	cleanup_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ends[2];

	if (fd < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	guardian->pid = fork();
	if (!guardian->pid) {
		fd_close(ends[1]);
		guard(fd, ends[0], limit_s);
	}
	fd_close(ends[0]);
	if (guardian->pid < 0) {
		fd_close(ends[1]);
		guardian->pid = 0;
		return -errno;
	}
	guardian->pipe = ends[1];
	return 0;
}

void guardian_stop(struct guardian *guardian)
{
	if (!guardian->pid)
		return;
	fd_close(guardian->pipe);
	while (waitpid(guardian->pid, NULL, 0) < 0 && errno == EINTR)
		;
	guardian->pid = 0;
}
