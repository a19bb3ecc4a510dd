/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "cell/enclose.h"

static _Noreturn void end_like(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			_exit(1);
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		kill(getpid(), WTERMSIG(status));
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* In there the parent has number 0, dead or alive: a pipe tells */
static void follow_parent(int pipe)
{
	struct pollfd parent = {.fd = pipe};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (poll(&parent, 1, 0) > 0)
		_exit(1);
}

int enclose(void)
{
	cleanup_close int read_end = -1, write_end = -1;
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	read_end = ends[0];
	write_end = ends[1];
	if (unshare(CLONE_NEWPID) < 0)
		return -errno;
	child = fork();
	if (child < 0)
		_exit(1);
	if (child)
		end_like(child);
	write_end = fd_close(write_end);
	follow_parent(read_end);
	return 0;
}
