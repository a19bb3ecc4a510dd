/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "kernel/config.h"
#include "kernel/root.h"

/* The line `SYMBOL=y` */
static bool is_yes(const char *line, const char *symbol)
{
	size_t len = strlen(symbol);

	return !strncmp(line, symbol, len) && line[len] == '=' &&
	       line[len + 1] == 'y';
}

static bool stream_has(int fd, const char *symbol)
{
	cleanup_fclose FILE *stream = fdopen(fd, "r");
	cleanup_free char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!stream) {
		fd_close(fd);
		return false;
	}
	/* to the end, so that gzip does not die of a closed pipe */
	while (getline(&line, &size, stream) > 0)
		found = found || is_yes(line, symbol);
	return found;
}

static int spawn_gzip(int input, int output, pid_t *ret)
{
	char *const argv[] = {(char *)"gzip", (char *)"-dc", NULL};
	char *const environment[] = {(char *)"PATH=/bin:/usr/bin", NULL};
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return -error;
	posix_spawn_file_actions_adddup2(&actions, input, 0);
	posix_spawn_file_actions_adddup2(&actions, output, 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	error = posix_spawn(ret, "/bin/gzip", &actions, NULL, argv,
			    environment);
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

static bool packed_has(int root, const char *path, const char *symbol)
{
	cleanup_close int packed = root_open(root, path);
	int ends[2];
	bool found;
	pid_t pid;

	if (packed < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return false;
	if (spawn_gzip(packed, ends[1], &pid) < 0) {
		fd_close(ends[0]);
		fd_close(ends[1]);
		return false;
	}
	fd_close(ends[1]);
	found = stream_has(ends[0], symbol);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return found;
}

/* Where the text may lie: in a guest of ours, on a machine */
static int open_text(int root)
{
	char release[128], path[PATH_MAX];
	int fd = root_open(root, "/gupcheck/config");

	if (fd >= 0 || root_read_line(root, "/proc/sys/kernel/osrelease",
				      release, sizeof(release)) < 0)
		return fd;
	snprintf(path, sizeof(path), "/boot/config-%s", release);
	return root_open(root, path);
}

bool config_known(int root)
{
	cleanup_close int text = open_text(root);
	cleanup_close int packed = root_open(root, "/proc/config.gz");

	return text >= 0 || (packed >= 0 && !access("/bin/gzip", X_OK));
}

bool config_built_in(int root, const char *symbol)
{
	int fd = open_text(root);

	return fd >= 0 ? stream_has(fd, symbol)
		       : packed_has(root, "/proc/config.gz", symbol);
}
