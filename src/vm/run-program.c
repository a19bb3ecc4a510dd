/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/run-program.h"

extern char **environ;

static int start(const char *const *argv, int out, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	int ret = posix_spawn_file_actions_init(&actions);

	if (ret)
		return -ret;
	ret = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (!ret)
		ret = posix_spawnp(ret_pid, argv[0], &actions, NULL,
				   (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -ret;
}

static int read_all(int fd, char **ret_text)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);
	char block[4096];
	ssize_t got;

	if (!stream)
		return -ENOMEM;
	while ((got = read(fd, block, sizeof(block))) != 0) {
		if (got > 0)
			fwrite(block, 1, (size_t)got, stream);
		else if (errno != EINTR)
			break;
	}
	if (fclose(stream) || got < 0)
		return -EIO;
	*ret_text = take_pointer(text);
	return 0;
}

int run_program(const char *const *argv, char **ret_text, struct error *error)
{
	cleanup_close int reader = -1;
	cleanup_close int writer = -1;
	cleanup_free char *text = NULL;
	int pipe_fds[2], status = 0, ret;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return error_set(error, -errno, "%s:", argv[0]);
	reader = pipe_fds[0];
	writer = pipe_fds[1];
	ret = start(argv, writer, &pid);
	if (ret < 0)
		return error_set(error, ret, "%s:", argv[0]);
	writer = fd_close(writer);
	ret = read_all(reader, &text);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!ret && status) {
		ret = -EIO;
		error_set(error, ret, "%s failed: %s %d", argv[0],
			  WIFEXITED(status) ? "exit status" : "signal",
			  WIFEXITED(status) ? WEXITSTATUS(status)
					    : WTERMSIG(status));
	}
	if (ret < 0)
		return error_set(error, ret, "%s:", argv[0]);
	*ret_text = take_pointer(text);
	return 0;
}
