/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "runner/journal-line.h"
#include "runner/journal.h"
#include "runner/json-text.h"

/* How long a lock is waited for, and how often it is tried */
#define LOCK_LIMIT_S 2.0
#define LOCK_TICK_MS 20

/**
 * struct journal - one that is being written
 * @fd: the file, O_APPEND, locked; -1 for a sink
 * @size: bytes of whole lines in the file
 * @torn: half a line is in the file and could not be taken back
 * @failed: the first -errno of an append, or 0
 */
struct journal {
	int fd;
	off_t size;
	bool torn;
	int failed;
	int (*write_line)(void *arg, const char *line, size_t len);
	void *arg;
};

/* Makes every missing folder of @path. */
static int make_folders(const char *path)
{
	cleanup_free char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	for (char *at = copy + 1; copy[0] && *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			return -errno;
		*at = '/';
	}
	return mkdir(copy, 0777) < 0 && errno != EEXIST ? -errno : 0;
}

/*
 * Held as long as the writer lives, and a moment longer by a child that was
 * about to become a cell. A filesystem without locks has none.
 */
static int lock_file(const struct journal *journal, const char *dir,
		     struct error *error)
{
	double end = clock_seconds() + LOCK_LIMIT_S;
	int ret;

	while ((ret = flock(journal->fd, LOCK_EX | LOCK_NB)) < 0 &&
	       errno == EWOULDBLOCK && clock_seconds() < end)
		poll(NULL, 0, LOCK_TICK_MS);
	if (!ret || errno != EWOULDBLOCK)
		return 0;
	return error_set(
		error, -EBUSY,
		"%s: another gupcheck is writing to its journal; wait for it, or end it first",
		dir);
}

static int open_file(struct journal *journal, const char *dir,
		     struct error *error)
{
	cleanup_close int dir_fd =
		open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir_fd < 0)
		return error_set(error, -errno, "cannot open folder %s:", dir);

	journal->fd = openat(dir_fd, JOURNAL_NAME,
			     O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
			     0666);
	if (journal->fd < 0 && errno == EEXIST)
		return error_set(error, -EEXIST,
				 "%s holds the journal of another run; name "
				 "another folder",
				 dir);
	if (journal->fd < 0)
		return error_set(error, -errno, "cannot create %s/%s:", dir,
				 JOURNAL_NAME);

	/* The name has to survive a crash as well as the lines. */
	if (fsync(dir_fd) < 0 && errno != EINVAL)
		return error_set(error, -errno, "cannot sync folder %s:", dir);
	return lock_file(journal, dir, error);
}

int journal_create(struct journal **ret, const char *dir, struct error *error)
{
	struct journal *journal;
	int failed = make_folders(dir);

	if (failed < 0)
		return error_set(error, failed,
				 "cannot create folder %s:", dir);
	failed = journal_create_sink(&journal, NULL, NULL);
	if (failed < 0)
		return error_set(error, failed, "%s:", dir);
	failed = open_file(journal, dir, error);
	if (failed < 0) {
		journal_close(journal);
		return failed;
	}
	*ret = journal;
	return 0;
}

/* Reads what is there; what lies behind the last record is cut off. */
static int read_and_mend(struct journal *journal, const char *dir,
			 struct run *run, struct error *error)
{
	struct loader loader = {.run = run, .path = dir, .error = error};
	int copy = dup(journal->fd);
	cleanup_fclose FILE *file = copy < 0 ? NULL : fdopen(copy, "r");
	int ret;

	if (!file) {
		ret = -errno;
		fd_close(copy);
		return error_set(error, ret, "cannot read %s:", dir);
	}
	ret = journal_read(file, &loader);
	if (ret < 0)
		return ret;
	if (ftruncate(journal->fd, loader.end) < 0 ||
	    (loader.open && write(journal->fd, "\n", 1) != 1))
		return error_set(error, errno ? -errno : -EIO,
				 "cannot mend the journal of %s:", dir);
	journal->size = loader.end + loader.open;
	return 0;
}

int journal_resume(struct journal **ret, const char *dir, struct run **ret_run,
		   struct error *error)
{
	cleanup_free char *path = NULL;
	struct journal *journal = NULL;
	struct run *run = calloc(1, sizeof(*run));
	int failed = journal_create_sink(&journal, NULL, NULL);

	if (!run || asprintf(&path, "%s/%s", dir, JOURNAL_NAME) < 0)
		failed = -ENOMEM;
	if (failed < 0)
		error_set(error, failed, "%s:", dir);
	else
		journal->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
	if (!failed && journal->fd < 0)
		failed =
			error_set(error, -errno, "cannot go on with %s:", path);
	if (!failed)
		failed = lock_file(journal, dir, error);
	if (!failed)
		failed = read_and_mend(journal, dir, run, error);
	if (failed < 0) {
		journal_close(journal);
		run_free(run);
		return failed;
	}
	*ret = journal;
	*ret_run = run;
	return 0;
}

int journal_create_sink(struct journal **ret,
			int (*write_line)(void *arg, const char *line,
					  size_t len),
			void *arg)
{
	struct journal *journal = calloc(1, sizeof(*journal));

	if (!journal)
		return -ENOMEM;
	journal->fd = -1;
	journal->write_line = write_line;
	journal->arg = arg;
	*ret = journal;
	return 0;
}

/*
 * Normally one write. The kernel may take a part only, when the disk fills up:
 * then the next write tells why, and what was written is taken back.
 */
static int write_whole(struct journal *journal, const char *line, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t written = write(journal->fd, line + done, len - done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			int ret = written ? -errno : -EIO;

			if (done && ftruncate(journal->fd, journal->size) < 0)
				journal->torn = true;
			return ret;
		}
		done += (size_t)written;
	}
	journal->size += (off_t)len;
	return 0;
}

static int append_file(struct journal *journal, char *line, size_t len,
		       bool durable)
{
	int ret;

	/* Anything behind half a line would make the whole file unreadable. */
	if (journal->torn)
		return -EIO;
	line[len] = '\n';
	ret = write_whole(journal, line, len + 1);
	if (ret < 0)
		return ret;
	return durable && fdatasync(journal->fd) < 0 ? -errno : 0;
}

int journal_append(struct journal *journal, json_t *record, bool durable)
{
	cleanup_free char *line = NULL;
	size_t len;
	int ret;

	if (!record)
		return -ENOMEM;
	/* A line on a serial console may hold any bytes. */
	json_make_utf8(record);
	line = json_dumps(record, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(record);
	if (!line)
		return -ENOMEM;

	len = strlen(line);
	if (journal->write_line)
		ret = journal->write_line(journal->arg, line, len);
	else /* The terminating NUL leaves room for the newline. */
		ret = append_file(journal, line, len, durable);
	if (!journal->failed)
		journal->failed = ret;
	return ret;
}

int journal_failed(const struct journal *journal)
{
	return journal->failed;
}

struct journal *journal_close(struct journal *journal)
{
	if (journal) {
		fd_close(journal->fd);
		free(journal);
	}
	return NULL;
}
