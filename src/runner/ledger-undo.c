/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "kernel/module.h"
#include "runner/cgroup.h"
#include "runner/ledger-undo.h"

/* Seconds that what was killed may take to be gone */
#define KILL_LIMIT_S 5
#define TICK_MS 10

/** enum fate - what became of an entry */
enum fate {
	FATE_UNDONE, /* or found undone: it is forgotten */
	FATE_LEFT, /* for another attempt */
};

void ledger_tell(const struct ledger_how *how, const char *format, ...)
{
	char line[PATH_MAX + 256];
	va_list args;

	if (!how->tell)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	how->tell(how->arg, line);
}

static const char *would(const struct ledger_how *how, const char *now,
			 const char *later)
{
	return how->dry_run ? later : now;
}

static enum fate undo_module(const struct ledger_entry *entry,
			     const struct ledger_how *how)
{
	int ret = module_users(entry->name);

	if (ret == -ENOENT)
		return FATE_UNDONE;
	if (ret > 0)
		ret = -EBUSY;
	if (!ret && !how->dry_run)
		ret = module_unload(entry->name);
	if (ret < 0) {
		ledger_tell(how, "left module %s: %s", entry->name,
			    ret == -EBUSY ? "in use" : strerror(-ret));
		return FATE_LEFT;
	}
	ledger_tell(how, "%s module %s", would(how, "unloaded", "would unload"),
		    entry->name);
	return FATE_UNDONE;
}

static int read_number(int fd, long long *ret)
{
	char text[64], *end;
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	if (len < 0)
		return -errno;
	text[len] = '\0';
	*ret = strtoll(text, &end, 10);
	return end == text ? -EINVAL : 0;
}

static int write_number(int fd, long long value)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%lld\n", value);

	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	return fd_write_all(fd, text, (size_t)len);
}

/* What a setting would hold when all that is newer were undone */
static long long foresee(const struct ledger *ledger, size_t number,
			 long long now)
{
	const char *name = ledger->entries[number].name;

	for (size_t i = ledger->count; --i > number;) {
		const struct ledger_entry *newer = &ledger->entries[i];

		if (!strcmp(newer->name, name) &&
		    now == newer->value + newer->amount)
			now = newer->value;
	}
	return now;
}

static enum fate undo_setting(const struct ledger *ledger, size_t number,
			      const struct ledger_how *how)
{
	const struct ledger_entry *entry = &ledger->entries[number];
	cleanup_close int fd =
		open(entry->name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	long long left = entry->value + entry->amount, now = 0;
	int ret = fd < 0 ? -errno : read_number(fd, &now);

	if (ret < 0) {
		ledger_tell(how, "left %s: %s", entry->name, strerror(-ret));
		return ret == -ENOENT ? FATE_UNDONE : FATE_LEFT;
	}
	if (how->dry_run)
		now = foresee(ledger, number, now);
	if (now == entry->value)
		return FATE_UNDONE;
	if (now != left) {
		ledger_tell(how, "left %s: it is %lld, and was left at %lld",
			    entry->name, now, left);
		return FATE_UNDONE;
	}
	if (!how->dry_run)
		ret = write_number(fd, entry->value);
	if (ret < 0) {
		ledger_tell(how, "left %s: %s", entry->name, strerror(-ret));
		return FATE_LEFT;
	}
	ledger_tell(how, "%s %s back from %lld to %lld",
		    would(how, "set", "would set"), entry->name, left,
		    entry->value);
	return FATE_UNDONE;
}

/* A name that we could have given; nothing else is killed or removed */
static bool is_our_cgroup(const char *path)
{
	const char *slash = strrchr(path, '/');

	return path[0] == '/' && !strstr(path, "/../") && slash &&
	       !strncmp(slash, "/gupcheck-", 10);
}

static int remove_cgroup(const char *path)
{
	double end = clock_seconds() + KILL_LIMIT_S;
	struct cgroup cgroup;

	snprintf(cgroup.path, sizeof(cgroup.path), "%s", path);
	while (!cgroup_empty(&cgroup) && clock_seconds() < end) {
		cgroup_kill(&cgroup);
		poll(NULL, 0, TICK_MS);
	}
	return cgroup_remove(&cgroup);
}

static enum fate undo_cgroup(const struct ledger_entry *entry,
			     const struct ledger_how *how)
{
	int ret = 0;

	if (!is_our_cgroup(entry->name)) {
		ledger_tell(how, "left cgroup %s: not one of ours",
			    entry->name);
		return FATE_UNDONE;
	}
	if (access(entry->name, F_OK) < 0)
		return FATE_UNDONE;
	if (!how->dry_run)
		ret = remove_cgroup(entry->name);
	if (ret < 0) {
		ledger_tell(how, "left cgroup %s: %s", entry->name,
			    ret == -EBUSY ? "a process in it cannot be killed"
					  : strerror(-ret));
		return FATE_LEFT;
	}
	ledger_tell(how, "%s cgroup %s", would(how, "removed", "would remove"),
		    entry->name);
	return FATE_UNDONE;
}

static enum fate undo_entry(const struct ledger *ledger, size_t number,
			    const struct ledger_how *how)
{
	const struct ledger_entry *entry = &ledger->entries[number];

	if (!strcmp(entry->kind, "cgroup"))
		return undo_cgroup(entry, how);
	if (how->busy) {
		ledger_tell(how, "left %s %s: a run is under way", entry->kind,
			    entry->name);
		return FATE_LEFT;
	}
	if (!strcmp(entry->kind, "module"))
		return undo_module(entry, how);
	if (!strcmp(entry->kind, "setting"))
		return undo_setting(ledger, number, how);
	ledger_tell(how, "left %s %s: of another version of gupcheck",
		    entry->kind, entry->name);
	return FATE_LEFT;
}

size_t ledger_undo(struct ledger *ledger, const struct ledger_how *how)
{
	size_t left = 0;

	if (!ledger->same_boot)
		return 0;
	for (size_t i = ledger->count; i--;) {
		if (undo_entry(ledger, i, how) == FATE_LEFT)
			left++;
		else if (!how->dry_run)
			ledger_drop(ledger, i);
	}
	return left;
}
