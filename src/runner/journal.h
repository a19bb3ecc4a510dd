/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNER_JOURNAL_H
#define RUNNER_JOURNAL_H

/* Journal: where a run is written as it happens (see runner/record.h). */

#include <jansson.h>
#include <stdbool.h>
#include "base/error.h"
#include "runner/record.h"

/** JOURNAL_NAME - the file in the folder of a run */
#define JOURNAL_NAME "journal.jsonl"

struct journal;

/**
 * journal_create() - start DIR/journal.jsonl; makes DIR and the folders
 * above it; DIR must not hold a journal yet
 *
 * Return: 0, or -errno with a line of @error.
 */
int journal_create(struct journal **ret, const char *dir, struct error *error);

/**
 * journal_resume() - go on with the journal of DIR
 * @ret_run: what it holds, to be freed with run_free()
 *
 * What lies behind the last record is cut off, what comes is appended. The
 * folder may hold a run that has not begun.
 *
 * Return: 0, or -errno with a line of @error; -EBUSY while somebody writes it.
 */
int journal_resume(struct journal **ret, const char *dir, struct run **ret_run,
		   struct error *error);

/**
 * journal_create_sink() - a journal whose lines go to a function
 * @write_line: gets one line without its newline; returns 0 or -errno
 */
int journal_create_sink(struct journal **ret,
			int (*write_line)(void *arg, const char *line,
					  size_t len),
			void *arg);

/**
 * journal_append() - write one record
 * @record: reference is taken over, in case of an error too; NULL (out of
 *	memory while it was made) is -ENOMEM
 * @durable: on disk before this returns
 * Return: 0 or -errno; the line is whole or not there.
 */
int journal_append(struct journal *journal, json_t *record, bool durable);

/** journal_failed() - the first error of journal_append(), or 0 */
int journal_failed(const struct journal *journal);

/**
 * journal_text() - a JSON string of any bytes
 * @text: e.g. a kernel message; what is not UTF-8 becomes `?`
 * Return: a new reference, or NULL without memory.
 */
json_t *journal_text(const char *text);

/** journal_close() - accepts NULL; returns NULL */
struct journal *journal_close(struct journal *journal);

/**
 * journal_load() - read DIR (or a journal file) back
 *
 * What is no record at the end, torn or damaged, is dropped; with a record
 * behind it it is -EINVAL, with its number. Lines of an unknown type are passed
 * over. Of several ends of one cell the last one counts.
 *
 * Return: 0 or -errno with a line of @error.
 */
int journal_load(const char *path, struct run **ret, struct error *error);

#endif
