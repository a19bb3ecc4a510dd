/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include "base/cleanup.h"
#include "media/command.h"

#define ARGUMENTS_MAX 32
#define PATH_ALL "/usr/sbin:/usr/bin:/sbin:/bin"

static _Noreturn void child(const char *const *argv, const char *last, int out)
{
	const char *all[ARGUMENTS_MAX + 2];
	size_t n = 0;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	for (; n < ARGUMENTS_MAX && argv[n]; n++)
		all[n] = argv[n];
	if (last)
		all[n++] = last;
	all[n] = NULL;
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	setenv("PATH", PATH_ALL, 1);
	execvp(all[0], (char *const *)all);
	_exit(127);
}

/* Keeps the end of what the program says, on one line */
static void read_last_words(int fd, char *words, size_t size)
{
	char piece[512];
	size_t used = 0;
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0) {
		size_t fresh = (size_t)n;

		if (fresh > size - 1)
			fresh = size - 1;
		if (used + fresh > size - 1) {
			size_t drop = used + fresh - (size - 1);

			memmove(words, words + drop, used - drop);
			used -= drop;
		}
		memcpy(words + used, piece + n - fresh, fresh);
		used += fresh;
	}
	words[used] = '\0';
	for (size_t i = 0; i < used; i++)
		if (words[i] == '\n' || words[i] == '\t')
			words[i] = ' ';
}

int command_status(const char *const *argv, const char *last, char *words,
		   size_t size)
{
	cleanup_close int read_end = -1;
	int pipe_fds[2], status;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return -errno;
	read_end = pipe_fds[0];
	pid = fork();
	if (!pid)
		child(argv, last, pipe_fds[1]);
	fd_close(pipe_fds[1]);
	if (pid < 0)
		return -errno;
	read_last_words(read_end, words, size);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : COMMAND_SIGNALED + WTERMSIG(status);
}

int command_run(const char *const *argv, const char *last, struct error *error)
{
	char words[256] = "";
	int status = command_status(argv, last, words, sizeof(words));

	if (!status)
		return 0;
	if (status < 0)
		return error_set(error, status, "%s cannot be run:", argv[0]);
	if (status == 127)
		return error_set(error, -ENOENT,
				 "%s cannot be run: install it:", argv[0]);
	error_set(error, 0, "%s failed (status %#x): %s", argv[0],
		  (unsigned int)status, words);
	return -EIO;
}

static _Noreturn void child_output(const char *const *argv, int out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDERR_FILENO);
	}
	dup2(out, STDOUT_FILENO);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

/* Takes @fd over */
static int read_output(int fd, char **ret)
{
	cleanup_fclose FILE *stream = fdopen(fd, "r");
	cleanup_free char *text = NULL;
	size_t room = 0;

	if (!stream) {
		fd_close(fd);
		return -ENOMEM;
	}
	if (getdelim(&text, &room, '\0', stream) < 0) {
		if (ferror(stream))
			return -EIO;
		free(text);
		text = strdup("");
	}
	*ret = take_pointer(text);
	return *ret ? 0 : -ENOMEM;
}

int command_output(const char *const *argv, char **ret, struct error *error)
{
	cleanup_free char *text = NULL;
	int pipe_fds[2], status = 0, failed;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return error_set(error, -errno, "%s cannot be run:", argv[0]);
	pid = fork();
	if (!pid)
		child_output(argv, pipe_fds[1]);
	fd_close(pipe_fds[1]);
	failed = pid < 0 ? -errno : 0;
	if (failed < 0)
		fd_close(pipe_fds[0]);
	else
		failed = read_output(pipe_fds[0], &text);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (failed < 0)
		return error_set(error, failed, "%s cannot be run:", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return error_set(error, -ENOENT, "%s not found: install it",
				 argv[0]);
	if (status)
		return error_set(error, -EIO, "%s failed", argv[0]);
	*ret = take_pointer(text);
	return 0;
}
