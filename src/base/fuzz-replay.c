/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * main() of a fuzz target without libFuzzer: replays the files, and the files
 * of the folders, that are its arguments. Speaks TAP.
 */

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/fuzz.h"

#define INPUT_MAX (4u << 20)

static unsigned int count;

static void replay_file(const char *path)
{
	cleanup_fclose FILE *file = fopen(path, "re");
	cleanup_free uint8_t *data = malloc(INPUT_MAX);
	size_t size;

	fuzz_assert(data);
	if (!file) {
		printf("not ok %u - %s: %s\n", ++count, path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	/* an input that aborts must have been named before */
	printf("# %s\n", path);
	fflush(stdout);
	size = fread(data, 1, INPUT_MAX, file);
	LLVMFuzzerTestOneInput(data, size);
	printf("ok %u - %s\n", ++count, path);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void replay(const char *path)
{
	struct dirent **names;
	struct stat st;
	int found;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		replay_file(path);
		return;
	}
	found = scandir(path, &names, is_visible, alphasort);
	for (int i = 0; i < found; i++) {
		cleanup_free char *name = NULL;

		fuzz_assert(asprintf(&name, "%s/%s", path, names[i]->d_name) >
			    0);
		replay_file(name);
		free(names[i]);
	}
	if (found >= 0)
		free(names);
}

int main(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("1..%u\n", count);
	/* a folder that was moved away is no success */
	return count ? EXIT_SUCCESS : EXIT_FAILURE;
}
