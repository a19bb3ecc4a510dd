/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "answer.c"
#include "log.c"
#include "look.c"
#include "mount.c"

#define LIMIT_S 120

static char folder[] = "/tmp/pin-XXXXXX";
static sigset_t signals;

/* Its wait status; one that does not end is left behind, killed */
static int wait_for(pid_t child)
{
	struct timespec limit = {.tv_sec = LIMIT_S};
	int status = SIGKILL;

	if (sigtimedwait(&signals, NULL, &limit) != SIGCHLD) {
		let_go();
		kill(-child, SIGKILL);
		limit.tv_sec = 10;
		sigtimedwait(&signals, NULL, &limit);
	}
	waitpid(child, &status, WNOHANG);
	/* whom it has started */
	kill(-child, SIGKILL);
	return status;
}

static void take_down(void)
{
	let_go();
	_exit(umount2("mnt", 0) && errno != EINVAL);
}

static void set_up(void)
{
	int ret;

	make_device(device, sizeof(device));
	ret = mount_it();
	if (ret)
		answer(NO_ANSWER, "mount -t " FSTYPE ": %s", strerror(-ret));
	run();
}

/* Every part in a child: whatever happens to it, the rest is still done */
static int in_child(void (*part)(void))
{
	pid_t child = fork();

	if (!child) {
		setpgid(0, 0);
		sigprocmask(SIG_UNBLOCK, &signals, NULL);
		part();
		_exit(0);
	}
	if (child < 0)
		return SIGKILL;
	setpgid(child, child);
	return wait_for(child);
}

static int clean_up(void)
{
	unlink("image");
	return rmdir("mnt") || chdir("/") || rmdir(folder);
}

int main(void)
{
	int log = open_log(), ret, left, checked = 0;
	const char *said;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!mkdtemp(folder) || chdir(folder) || mkdir("mnt", 0700)) {
		perror(folder);
		return 125;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	ret = in_child(set_up);
	left = in_child(take_down);
#ifdef CHECK
	if (!ret && !left)
		checked = in_child(check_image);
#endif
	if (clean_up() || left)
		fprintf(stderr, "%s: could not be cleaned up\n", folder);
	said = trouble(log);
	if (said)
		answer(OOPS, "%s", said);
	if (!WIFEXITED(ret))
		answer(NO_ANSWER, "ended by signal %d", WTERMSIG(ret));
	if (!ret && log_lost)
		answer(NO_ANSWER, "the kernel's messages cannot be read");
	if (!ret && checked &&
	    (!WIFEXITED(checked) || WEXITSTATUS(checked) == 127))
		answer(NO_ANSWER, "the checker did not come to its end");
	if (!ret && checked)
		answer(CORRUPT, "the checker finds damage");
	return WEXITSTATUS(ret);
}
