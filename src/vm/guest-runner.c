/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "runner/run.h"
#include "vm/guest-runner.h"

/**
 * struct relay - process 1 between the runner and the host
 * @text: bytes of a line that has not ended, owned
 */
struct relay {
	struct channel *channel;
	int pipe;
	pid_t runner;
	int status;
	char *text;
	size_t len;
};

/* An image on its way: the journal's sink, and bytes sent so far */
struct image_line {
	struct journal *journal;
	uint64_t at;
};

static int send_image(void *arg, const void *data, size_t len)
{
	struct image_line *line = arg;
	cleanup_free char *text = base64_encode(data, len);
	int ret = -ENOMEM;

	if (text)
		ret = journal_append(
			line->journal,
			json_pack("{ss sI ss}", "type", "image-data", "at",
				  (json_int_t)line->at, "data", text),
			false);
	line->at += len;
	return ret;
}

/* The host makes the file, or forgets what it has */
static int end_image(void *arg, const char *name)
{
	struct image_line *line = arg;

	line->at = 0;
	return 0;
}

static int write_line(void *arg, const char *line, size_t len)
{
	int ret = fd_write_all(*(int *)arg, line, len);

	return ret < 0 ? ret : fd_write_all(*(int *)arg, "\n", 1);
}

/* Runs in the child; its last words are a record too. */
_Noreturn static void become_runner(const struct guest_job *job, int pipe)
{
	struct error error = {""};
	struct utsname name;
	struct image_line image = {NULL};
	struct run_options options = {
		.keep = job->keep,
		.image = {&image, send_image},
		.image_end = end_image,
		.destructive = job->destructive,
		.home_network = job->home_network,
		.alone = true,
		/* the host watches over the whole */
		.time_limit = RUN_UNLIMITED,
	};
	int ret;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	uname(&name);
	options.release = name.release;
	ret = journal_create_sink(&options.journal, write_line, &pipe);
	image.journal = options.journal;
	if (!ret)
		ret = run_plan(&job->plan, &options, &error);
	if (ret < 0)
		journal_append(
			options.journal,
			json_pack("{ss ss}", "type", "trouble", "text",
				  error.text[0] ? error.text : strerror(-ret)),
			false);
	journal_close(options.journal);
	_exit(ret < 0);
}

static int start(struct relay *relay, const struct guest_job *job)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	relay->runner = fork();
	if (!relay->runner)
		become_runner(job, ends[1]);
	fd_close(ends[1]);
	relay->pipe = ends[0];
	return relay->runner < 0 ? -errno : 0;
}

/* Sends every whole line that has come in. */
static int forward(struct relay *relay)
{
	char *newline;

	while (relay->len &&
	       (newline = memchr(relay->text, '\n', relay->len))) {
		size_t len = (size_t)(newline - relay->text);
		int ret = channel_send_line(relay->channel, relay->text, len);

		if (ret < 0)
			return ret;
		relay->len -= len + 1;
		memmove(relay->text, newline + 1, relay->len);
	}
	return 0;
}

/* Returns bytes read, 0 at the end, -EAGAIN, or another -errno. */
static int drain(struct relay *relay)
{
	char block[16 * 1024];
	ssize_t got = read(relay->pipe, block, sizeof(block));
	char *grown;
	int ret;

	if (got <= 0)
		return got < 0 ? -errno : 0;
	grown = realloc(relay->text, relay->len + (size_t)got);
	if (!grown)
		return -ENOMEM;
	relay->text = grown;
	memcpy(grown + relay->len, block, (size_t)got);
	relay->len += (size_t)got;
	ret = forward(relay);
	return ret < 0 ? ret : (int)got;
}

/* Process 1 inherits every orphan; the runner is one child among them. */
static bool reap(struct relay *relay)
{
	bool ended = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != relay->runner)
			continue;
		relay->status = status;
		ended = true;
	}
	return ended;
}

/*
 * The end is the runner's death and not that of the pipe: a cell that cannot be
 * killed would hold the pipe open for ever.
 */
static int follow(struct relay *relay)
{
	struct pollfd input = {.fd = relay->pipe, .events = POLLIN};
	bool ended = false;
	int ret;

	while (!ended) {
		ret = poll(&input, 1, input.fd < 0 ? 100 : CHANNEL_ALIVE_MS);
		if (ret < 0)
			ret = -errno;
		else if (!ret && input.fd >= 0)
			ret = channel_send(relay->channel,
					   json_pack("{ss}", "type", "alive"));
		else if (ret && !(ret = drain(relay)))
			input.fd = -1;
		if (ret < 0 && ret != -EINTR)
			return ret;
		ended = reap(relay);
	}
	if (fcntl(relay->pipe, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	do
		ret = drain(relay);
	while (ret > 0);
	return ret == -EAGAIN ? 0 : ret;
}

static void tell_end(const struct relay *relay, char *reason, size_t size)
{
	reason[0] = '\0';
	if (WIFSIGNALED(relay->status))
		snprintf(reason, size, "the runner in the guest died: %s",
			 strsignal(WTERMSIG(relay->status)));
	else if (WEXITSTATUS(relay->status))
		snprintf(reason, size, "the runner in the guest gave up");
}

int guest_runner_run(struct channel *channel, const struct guest_job *job,
		     char *reason, size_t size)
{
	struct relay relay = {.channel = channel, .pipe = -1};
	int ret = start(&relay, job);

	if (!ret)
		ret = follow(&relay);
	if (!ret)
		tell_end(&relay, reason, size);
	fd_close(relay.pipe);
	free(relay.text);
	return ret;
}
