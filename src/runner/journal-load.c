/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "runner/journal-line.h"
#include "runner/journal.h"

static void cleanup_run_p(struct run **run)
{
	*run = run_free(*run);
}

/*
 * When the writer or its machine dies, the end of the file may be half a line,
 * or blocks of anything. What is no record counts only where a record follows:
 * then something was lost in the middle.
 */
static int load_line(struct loader *loader, const char *text, size_t len)
{
	bool whole = len && text[len - 1] == '\n';
	json_t *line = json_loadb(text, len - whole, 0, NULL);
	int ret = 0;

	loader->line++;
	if (!json_is_string(json_object_get(line, "type"))) {
		if (!loader->bad_line)
			loader->bad_line = loader->line;
	} else if (loader->bad_line) {
		loader->line = loader->bad_line;
		ret = loader_corrupt(loader, "line");
	} else {
		ret = loader_add(loader, line);
		loader->end += (off_t)len;
		loader->open = !whole;
	}
	json_decref(line);
	return ret;
}

static int load_lines(struct loader *loader, FILE *file)
{
	cleanup_free char *text = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&text, &room, file)) >= 0) {
		int ret = load_line(loader, text, (size_t)len);

		if (ret < 0)
			return ret;
	}
	return ferror(file) ? -EIO : 0;
}

/* Kernels that ran side by side wrote their lines between each other. */
static int sort_by_kernel(struct run *run)
{
	struct record *sorted = calloc(run->record_count + 1, sizeof(*sorted));
	size_t count = 0;

	if (!sorted)
		return -ENOMEM;
	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t i = 0; i < run->record_count; i++)
			if (!strcmp(run->records[i].kernel,
				    run->kernels[k].release))
				sorted[count++] = run->records[i];
	free(run->records);
	run->records = sorted;
	return 0;
}

int journal_read(FILE *file, struct loader *loader)
{
	int ret = load_lines(loader, file);

	if (!ret)
		ret = sort_by_kernel(loader->run);
	return ret < 0 ? error_set(loader->error, ret,
				   "cannot read %s:", loader->path)
		       : 0;
}

FILE *journal_open(const char *path)
{
	cleanup_free char *name = NULL;
	struct stat st;

	if (stat(path, &st) < 0)
		return NULL;
	if (!S_ISDIR(st.st_mode))
		return fopen(path, "re");
	if (asprintf(&name, "%s/%s", path, JOURNAL_NAME) < 0)
		return NULL;
	return fopen(name, "re");
}

int journal_load(const char *path, struct run **ret, struct error *error)
{
	cleanup(cleanup_run_p) struct run *run = calloc(1, sizeof(*run));
	struct loader loader = {.run = run, .path = path, .error = error};
	cleanup_fclose FILE *file = journal_open(path);
	int failed;

	if (!file)
		return error_set(error, -errno,
				 "cannot read the journal of %s:", path);
	if (!run)
		return error_set(error, -ENOMEM, "%s:", path);
	failed = journal_read(file, &loader);
	if (failed < 0)
		return failed;
	if (!run->kernel_count)
		return error_set(error, -ENODATA,
				 "%s holds no run: nothing was written to it",
				 path);
	*ret = take_pointer(run);
	return 0;
}
