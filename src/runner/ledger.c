/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kernel/boot-id.h"
#include "runner/ledger.h"

#define SCHEMA 1

/* Takes over @line. One write: a torn line is none, and nothing was done. */
static int append(struct ledger *ledger, json_t *line)
{
	cleanup_free char *text =
		line ? json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII)
		     : NULL;
	cleanup_free char *whole = NULL;
	off_t size = lseek(ledger->fd, 0, SEEK_END);
	int ret;

	json_decref(line);
	if (!text || asprintf(&whole, "%s\n", text) < 0)
		return -ENOMEM;
	ret = fd_write_all(ledger->fd, whole, strlen(whole));
	if (!ret && fdatasync(ledger->fd) < 0)
		ret = -errno;
	if (ret < 0 && ftruncate(ledger->fd, size) < 0)
		ret = -EIO;
	return ret;
}

static int push(struct ledger *ledger, const char *kind, const char *name,
		long long value, long long amount)
{
	struct ledger_entry *entries = reallocarray(
		ledger->entries, ledger->count + 1, sizeof(*ledger->entries));
	struct ledger_entry *entry;

	if (!entries)
		return -ENOMEM;
	ledger->entries = entries;
	entry = &entries[ledger->count++];
	*entry = (struct ledger_entry){
		.kind = strdup(kind),
		.name = strdup(name),
		.value = value,
		.amount = amount,
	};
	return entry->kind && entry->name ? 0 : -ENOMEM;
}

static void pull(struct ledger *ledger, size_t i)
{
	struct ledger_entry *entry = &ledger->entries[i];

	free(entry->kind);
	free(entry->name);
	memmove(entry, entry + 1, (--ledger->count - i) * sizeof(*entry));
}

static json_t *entry_line(const char *type, const char *kind, const char *name,
			  long long value, long long amount)
{
	return json_pack("{ss ss ss sI sI}", "type", type, "kind", kind, "name",
			 name, "value", (json_int_t)value, "amount",
			 (json_int_t)amount);
}

int ledger_note(struct ledger *ledger, const char *kind, const char *name,
		long long value, long long amount)
{
	int ret;

	if (!ledger)
		return 0;
	ret = append(ledger, entry_line("note", kind, name, value, amount));
	return ret < 0 ? ret : push(ledger, kind, name, value, amount);
}

int ledger_forget(struct ledger *ledger, const char *kind, const char *name)
{
	for (size_t i = ledger ? ledger->count : 0; i--;)
		if (!strcmp(ledger->entries[i].kind, kind) &&
		    !strcmp(ledger->entries[i].name, name))
			return ledger_drop(ledger, i);
	return 0;
}

int ledger_drop(struct ledger *ledger, size_t entry)
{
	const struct ledger_entry *gone = &ledger->entries[entry];
	json_t *line = entry_line("forget", gone->kind, gone->name, gone->value,
				  gone->amount);

	pull(ledger, entry);
	return append(ledger, line);
}

static json_t *begin_line(const char *path)
{
	time_t seconds = time(NULL);
	char stamp[32], boot[BOOT_ID_SIZE];
	struct tm tm;

	boot_id_read(boot);
	gmtime_r(&seconds, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_pack("{ss si ss si ss ss}", "type", "begin", "schema",
			 SCHEMA, "boot", boot, "pid", (int)getpid(), "time",
			 stamp, "folder", path);
}

int ledger_create(int dir, const char *path, struct ledger **ret)
{
	struct ledger *ledger = calloc(1, sizeof(*ledger));
	int failed;

	if (!ledger)
		return -ENOMEM;
	ledger->pid = getpid();
	ledger->same_boot = true;
	ledger->fd = openat(dir, LEDGER_NAME,
			    O_WRONLY | O_CREAT | O_EXCL | O_APPEND |
				    O_NOFOLLOW | O_CLOEXEC,
			    0600);
	failed = ledger->fd < 0 ? -errno : append(ledger, begin_line(path));
	/* the name has to survive, too */
	if (!failed && fsync(dir) < 0 && errno != EINVAL)
		failed = -errno;
	if (failed < 0) {
		ledger_close(ledger);
		return failed;
	}
	*ret = ledger;
	return 0;
}

static int load_begin(struct ledger *ledger, const char *path,
		      const json_t *line)
{
	const char *folder = json_string_value(json_object_get(line, "folder"));
	const char *boot = json_string_value(json_object_get(line, "boot"));
	char now[BOOT_ID_SIZE];

	if (json_integer_value(json_object_get(line, "schema")) != SCHEMA ||
	    !folder || strcmp(folder, path) != 0 || !boot)
		return -EINVAL;
	boot_id_read(now);
	ledger->same_boot = now[0] && !strcmp(boot, now);
	ledger->pid = (pid_t)json_integer_value(json_object_get(line, "pid"));
	return 0;
}

/* What is no whole line was not done: it stands at the end, or nowhere */
static int load_line(struct ledger *ledger, const char *path, bool first,
		     const json_t *line)
{
	const char *type = json_string_value(json_object_get(line, "type"));
	const char *kind = json_string_value(json_object_get(line, "kind"));
	const char *name = json_string_value(json_object_get(line, "name"));
	long long value, amount;

	if (first)
		return type && !strcmp(type, "begin")
			       ? load_begin(ledger, path, line)
			       : -EINVAL;
	if (!type || !kind || !name)
		return 0;
	value = json_integer_value(json_object_get(line, "value"));
	amount = json_integer_value(json_object_get(line, "amount"));
	if (!strcmp(type, "note"))
		return push(ledger, kind, name, value, amount);
	for (size_t i = ledger->count; i--;) {
		const struct ledger_entry *entry = &ledger->entries[i];

		if (strcmp(entry->kind, kind) || strcmp(entry->name, name) ||
		    entry->value != value || entry->amount != amount)
			continue;
		pull(ledger, i);
		break;
	}
	return 0;
}

static int load(struct ledger *ledger, const char *path)
{
	int copy = dup(ledger->fd);
	cleanup_fclose FILE *file = copy < 0 ? NULL : fdopen(copy, "r");
	cleanup_free char *text = NULL;
	bool first = true;
	size_t room = 0;
	ssize_t len;
	int ret = 0;

	if (!file) {
		fd_close(copy);
		return -ENOMEM;
	}
	while (!ret && (len = getline(&text, &room, file)) >= 0) {
		json_t *line = json_loadb(text, (size_t)len, 0, NULL);

		ret = load_line(ledger, path, first, line);
		json_decref(line);
		first = false;
	}
	return !ret && first ? -EINVAL : ret;
}

int ledger_open(int dir, const char *path, struct ledger **ret)
{
	struct ledger *ledger = calloc(1, sizeof(*ledger));
	struct stat st;
	int failed = 0;

	if (!ledger)
		return -ENOMEM;
	ledger->fd = openat(dir, LEDGER_NAME,
			    O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	if (ledger->fd < 0 || fstat(ledger->fd, &st) < 0)
		failed = -errno;
	else if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
		failed = -EINVAL;
	if (!failed)
		failed = load(ledger, path);
	if (failed < 0) {
		ledger_close(ledger);
		return failed;
	}
	*ret = ledger;
	return 0;
}

struct ledger *ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return NULL;
	for (size_t i = 0; i < ledger->count; i++) {
		free(ledger->entries[i].kind);
		free(ledger->entries[i].name);
	}
	free(ledger->entries);
	fd_close(ledger->fd);
	free(ledger);
	return NULL;
}
