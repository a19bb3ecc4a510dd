/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "kernel/config.h"
#include "kernel/root.h"

/* What stands behind `SYMBOL=` in a line of @text, or NULL */
static const char *find_value(const char *text, const char *symbol, size_t len)
{
	for (const char *line = text; *line;) {
		if (!strncmp(line, symbol, len) && line[len] == '=')
			return line + len + 1;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return NULL;
}

char config_value(const char *text, const char *symbol)
{
	const char *least = strstr(symbol, ">=");
	size_t len = least ? (size_t)(least - symbol) : strlen(symbol);
	const char *value = find_value(text, symbol, len);

	if (!value)
		return 'n';
	if (least)
		return strtoul(value, NULL, 10) >= strtoul(least + 2, NULL, 10)
			       ? 'y'
			       : 'n';
	return *value == 'y' || *value == 'm' ? *value : 'n';
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

/* Where the text may lie: in a guest of ours, on a machine */
static int open_text(int root, char *ret_path, size_t size)
{
	char release[128];
	int fd;

	snprintf(ret_path, size, "/gupcheck/config");
	fd = root_open(root, ret_path);
	if (fd >= 0 || root_read_line(root, "/proc/sys/kernel/osrelease",
				      release, sizeof(release)) < 0)
		return fd;
	snprintf(ret_path, size, "/boot/config-%s", release);
	return root_open(root, ret_path);
}

/* The reading end of a pipe that gzip writes to */
static int open_packed(int root, char *ret_path, size_t size, pid_t *ret_pid)
{
	cleanup_close int packed = -1;
	int ends[2], ret;

	snprintf(ret_path, size, "/proc/config.gz");
	packed = root_open(root, ret_path);
	if (packed < 0)
		return packed;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	ret = spawn_gzip(packed, ends[1], ret_pid);
	fd_close(ends[1]);
	if (ret < 0)
		fd_close(ends[0]);
	return ret < 0 ? ret : ends[0];
}

/* To the end, so that gzip does not die of a closed pipe */
static int read_text(int fd, char **ret)
{
	cleanup_fclose FILE *stream = fdopen(fd, "r");
	cleanup_free char *text = NULL;
	size_t size = 0;

	if (!stream) {
		fd_close(fd);
		return -ENOMEM;
	}
	if (getdelim(&text, &size, '\0', stream) < 0)
		return -ENODATA;
	*ret = take_pointer(text);
	return 0;
}

int config_read(int root, char **ret, char *ret_path, size_t size)
{
	pid_t pid = 0;
	int result, fd = open_text(root, ret_path, size);

	if (fd < 0)
		fd = open_packed(root, ret_path, size, &pid);
	if (fd < 0)
		return fd;
	result = read_text(fd, ret);
	while (pid && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return result;
}

bool config_known(int root)
{
	char path[PATH_MAX];
	cleanup_close int text = open_text(root, path, sizeof(path));
	cleanup_close int packed = root_open(root, "/proc/config.gz");

	return text >= 0 || (packed >= 0 && !access("/bin/gzip", X_OK));
}

bool config_built_in(int root, const char *symbol)
{
	cleanup_free char *text = NULL;
	char path[PATH_MAX];

	return config_read(root, &text, path, sizeof(path)) == 0 &&
	       config_value(text, symbol) == 'y';
}
