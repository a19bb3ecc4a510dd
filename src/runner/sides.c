/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "runner/journal.h"
#include "runner/sides.h"

/**
 * struct side_place - where runs are looked for
 * @prefix: of the kernel's release, or NULL
 * @many: a folder of runs: those without that kernel are passed over
 */
struct side_place {
	const char *path;
	const char *prefix;
	bool many;
};

static bool differ(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

/* What was run must be one and the same, or counts of its runs mean nothing. */
static int check_kernel(const struct stored_side *side,
			const struct run_kernel *kernel, const char *path,
			struct error *error)
{
	const struct run_kernel *first = side->kernels[0].kernel;

	if (!side->count)
		return 0;
	if (strcmp(first->release, kernel->release) != 0)
		return error_set(
			error, -EINVAL,
			"%s: is of %s, other runs of this side are of %s: give runs of one kernel, with :RELEASE",
			path, kernel->release, first->release);
	if (differ(first->image, kernel->image) ||
	    differ(first->config, kernel->config))
		return error_set(
			error, -EINVAL,
			"%s: is of another build of %s than %s: give runs of one build",
			path, kernel->release, side->paths[0]);
	return 0;
}

static int check_new(const struct stored_side *side, const char *path,
		     struct error *error)
{
	for (size_t i = 0; i < side->count; i++)
		if (!strcmp(side->paths[i], path))
			return error_set(
				error, -EINVAL,
				"%s: is given twice: a run counts once", path);
	if (side->count == SIDE_RUNS_MAX)
		return error_set(error, -E2BIG,
				 "%s: too many runs: give %d at most", path,
				 SIDE_RUNS_MAX);
	return 0;
}

/* Takes @run over */
static int keep(struct stored_side *side, struct run *run,
		const struct run_kernel *kernel, const char *path,
		struct error *error)
{
	cleanup_free char *real = realpath(path, NULL);
	int ret = real ? check_new(side, real, error) : -errno;

	if (!ret)
		ret = check_kernel(side, kernel, path, error);
	if (ret < 0) {
		run_free(run);
		return error_set(error, ret, "%s:", path);
	}
	side->runs[side->count] = run;
	side->paths[side->count] = take_pointer(real);
	side->kernels[side->count++] = (struct run_repeat){run, kernel};
	return 0;
}

static int load_run(struct stored_side *side, const struct side_place *place,
		    const char *path, struct error *error)
{
	const struct run_kernel *kernel;
	struct error why = {""};
	struct run *run;
	int ret = journal_load(path, &run, &why);

	/* a run that never began says nothing of any kernel */
	if (ret == -ENODATA && place->many)
		return 0;
	if (ret < 0)
		return error_set(
			error, ret,
			"%s; give a folder that run or vm has written, or its journal",
			why.text);
	ret = run_pick_kernel(run, place->prefix, path, &kernel, &why);
	if (!ret)
		return keep(side, run, kernel, path, error);
	run_free(run);
	if (place->many && place->prefix)
		return 0;
	return error_set(error, ret, "%s", why.text);
}

static bool holds_journal(const char *folder, const char *name)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s%s" JOURNAL_NAME, folder,
			name, *name ? "/" : "") < (int)sizeof(path) &&
	       !access(path, F_OK);
}

static bool is_folder_of_runs(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode) &&
	       !holds_journal(path, "");
}

static int load_entry(struct stored_side *side, const struct side_place *place,
		      const char *name, struct error *error)
{
	char path[PATH_MAX];

	if (name[0] == '.' || !holds_journal(place->path, name))
		return 0;
	snprintf(path, sizeof(path), "%s/%s", place->path, name);
	return load_run(side, place, path, error);
}

/* In the order of their names, so that it is the same each time */
static int load_folder(struct stored_side *side, struct side_place *place,
		       struct error *error)
{
	size_t before = side->count;
	struct dirent **entries;
	int ret = 0, count = scandir(place->path, &entries, NULL, alphasort);

	if (count < 0)
		return error_set(error, -errno, "%s:", place->path);
	place->many = true;
	for (int i = 0; i < count; i++) {
		if (!ret)
			ret = load_entry(side, place, entries[i]->d_name,
					 error);
		free(entries[i]);
	}
	free(entries);
	if (ret < 0 || side->count > before)
		return ret;
	return error_set(
		error, -ENOENT,
		"%s: holds no run%s%s: give a folder that run or vm has written, a folder of such, or a journal",
		place->path, place->prefix ? " of one kernel " : "",
		place->prefix ? place->prefix : "");
}

/* @word is cut where a release begins; what is there stands as it is. */
static int load_place(struct stored_side *side, char *word, struct error *error)
{
	struct side_place place = {.path = word};
	char *colon = strrchr(word, ':');

	if (access(word, F_OK) < 0 && colon) {
		*colon = '\0';
		place.prefix = colon + 1;
	}
	if (is_folder_of_runs(word))
		return load_folder(side, &place, error);
	return load_run(side, &place, word, error);
}

int side_load(const char *name, struct stored_side *ret, struct error *error)
{
	cleanup_free char *copy = strdup(name);
	char *rest = copy, *word;
	int failed = 0;

	*ret = (struct stored_side){.count = 0};
	if (!copy)
		return error_set(error, -ENOMEM, "%s:", name);
	if (access(name, F_OK) == 0)
		failed = load_place(ret, copy, error);
	else
		while (!failed && (word = strsep(&rest, ",")))
			failed = load_place(ret, word, error);
	if (failed < 0)
		return failed;
	ret->side = (struct run_side){
		.name = name,
		.run = ret->kernels[0].run,
		.kernel = ret->kernels[0].kernel,
		.repeats = ret->kernels + 1,
		.repeat_count = ret->count - 1,
	};
	return 0;
}

void side_done(struct stored_side *side)
{
	for (size_t i = 0; i < side->count; i++) {
		run_free(side->runs[i]);
		free(side->paths[i]);
	}
	side->count = 0;
}
