/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/cache.h"
#include "vm/kernel-tree.h"
#include "vm/kernel.h"
#include "vm/libexec.h"
#include "vm/run-program.h"

#define PACKAGE_PREFIX "linux-image-"

static const char *without_prefix(const char *name)
{
	size_t len = strlen(PACKAGE_PREFIX);

	return strncmp(name, PACKAGE_PREFIX, len) ? name : name + len;
}

/* Copies `6.1` out of `6.1.0-50-amd64`. */
static bool series_of(const char *release, char *ret, size_t size)
{
	size_t major = strspn(release, "0123456789");
	size_t minor;

	if (!major || release[major] != '.')
		return false;
	minor = strspn(release + major + 1, "0123456789");
	if (!minor || major + 1 + minor >= size)
		return false;
	memcpy(ret, release, major + 1 + minor);
	ret[major + 1 + minor] = '\0';
	return true;
}

/*
 * Copies what the cache calls a stock kernel: its series and, where it is not
 * the plain one, its flavour. `6.12-rt` is that of `6.12-rt` and of
 * `6.12.95+deb12-rt-amd64`.
 */
static bool stock_name_of(const char *release, char *ret, size_t size)
{
	static const char *const flavours[] = {"-rt", "-cloud"};

	if (!series_of(release, ret, size))
		return false;
	for (size_t i = 0; i < sizeof(flavours) / sizeof(flavours[0]); i++) {
		const char *at = strstr(release, flavours[i]);
		size_t used = strlen(ret), len = strlen(flavours[i]);

		if (at && (!at[len] || at[len] == '-') && used + len < size)
			snprintf(ret + used, size - used, "%s", flavours[i]);
	}
	return true;
}

bool kernel_is_name(const char *input)
{
	char series[IMAGE_RELEASE_SIZE];

	return !strchr(input, '/') &&
	       series_of(without_prefix(input), series, sizeof(series));
}

/* Whether the first word of a line of @list is @series. */
static bool listed(const char *list, const char *series)
{
	size_t len = strlen(series);

	for (const char *line = list; *line; line += strcspn(line, "\n")) {
		line += *line == '\n';
		if (!strncmp(line, series, len) && line[len] == ' ')
			return true;
	}
	return false;
}

static int fetch(const char *series, struct error *error)
{
	char script[PATH_MAX];
	const char *list[] = {script, "--list", NULL};
	const char *argv[] = {script, series, NULL};
	cleanup_free char *known = NULL;
	cleanup_free char *text = NULL;
	int ret = libexec_find("fetch-kernel", script, error);

	if (!ret)
		ret = run_program(list, &known, error);
	if (!ret && !listed(known, series))
		ret = error_set(
			error, -ENOENT,
			"%s: no series of stock kernels that can be fetched: see fetch-kernel --list",
			series);
	return ret < 0 ? ret : run_program(argv, &text, error);
}

/* Finds the files of a series or package, which is fetched when it is absent.
 */
static int find_named(const struct arch *arch, const char *input,
		      struct kernel_files *ret, struct error *error)
{
	const char *wanted = without_prefix(input);
	char series[IMAGE_RELEASE_SIZE], kernels[PATH_MAX], folder[PATH_MAX];
	const char *have;
	int result = cache_folder("kernels", kernels, error);

	if (result < 0)
		return result;
	stock_name_of(wanted, series, sizeof(series));
	if (snprintf(folder, sizeof(folder), "%s/%s", kernels, series) >=
	    (int)sizeof(folder))
		return error_set(error, -ENAMETOOLONG, "%s:", kernels);
	if (access(folder, F_OK))
		result = fetch(series, error);
	if (!result)
		result = kernel_tree_find(arch, folder, ret, error);
	if (result < 0)
		return result;
	have = strrchr(ret->modules, '/');
	if (strcmp(wanted, series) != 0 &&
	    (!have || strcmp(have + 1, wanted) != 0))
		return error_set(
			error, -ENOENT,
			"%s: the stock kernel of %s is %s: ask for that one, or remove %s to fetch it anew",
			input, series, have ? have + 1 : "another", folder);
	return 0;
}

static bool ends_with_deb(const char *text)
{
	size_t len = strlen(text);

	return len > 4 && !strcmp(text + len - 4, ".deb");
}

/* Fills @ret with paths; that they are a kernel is found out later. */
static int find_files(const struct arch *arch, const char *input,
		      struct kernel_files *ret, struct error *error)
{
	char folder[PATH_MAX];
	struct stat st;
	int result;

	if (ends_with_deb(input)) {
		result = kernel_debs_unpack(arch, input, folder, error);
		return result < 0 ? result
				  : kernel_tree_find(arch, folder, ret, error);
	}
	if (!stat(input, &st)) {
		if (S_ISDIR(st.st_mode))
			return kernel_tree_find(arch, input, ret, error);
		snprintf(ret->image, sizeof(ret->image), "%s", input);
		return 0;
	}
	if (errno == ENOENT && kernel_is_name(input))
		return find_named(arch, input, ret, error);
	if (errno == ENOENT)
		return error_set(
			error, -ENOENT,
			"%s: no such file, and no series of Debian kernels: give one such as 6.1, a .deb, an image, or a folder",
			input);
	return error_set(error, -errno, "%s:", input);
}

/* The user's --modules replaces what was found beside the image. */
static int choose_modules(const char *modules, const char *release,
			  struct kernel_files *files, struct error *error)
{
	if (!modules)
		return 0;
	if (!kernel_modules_find(modules, release, files->modules) ||
	    !kernel_modules_find(modules, "", files->modules))
		return 0;
	return error_set(
		error, -ENOENT,
		"%s: no modules here: give the folder that holds lib/modules, or lib/modules/RELEASE itself",
		modules);
}

static int fill(const char *input, const struct kernel_files *files,
		struct kernel *kernel, struct error *error)
{
	const char *slash = strrchr(files->modules, '/');
	const char *release = kernel->image.release;

	/* modules load into the kernel whose release is their folder's name */
	if (slash && release[0] && strcmp(slash + 1, release) != 0)
		return error_set(
			error, -EINVAL,
			"%s: is %s, but its modules are for %s: give the --modules that belong to it",
			input, release, slash + 1);
	if (slash)
		release = slash + 1;
	snprintf(kernel->release, sizeof(kernel->release), "%.*s",
		 IMAGE_RELEASE_SIZE - 1, release);
	kernel->input = strdup(input);
	kernel->modules = files->modules[0] ? strdup(files->modules) : NULL;
	return kernel->input && (kernel->modules || !files->modules[0])
		       ? 0
		       : -ENOMEM;
}

int kernel_open(const struct arch *arch, const char *input, const char *modules,
		struct kernel *ret, struct error *error)
{
	struct kernel_files files = {0};
	struct kernel kernel = {0};
	int result = find_files(arch, input, &files, error);

	if (!result)
		result = boot_image_open(arch, files.image, &kernel.image,
					 error);
	if (!result)
		result = choose_modules(modules, kernel.image.release, &files,
					error);
	if (!result)
		result = fill(input, &files, &kernel, error);
	if (result < 0) {
		kernel_close(&kernel);
		return error_set(error, result, "%s:", input);
	}
	*ret = kernel;
	return 0;
}

void kernel_close(struct kernel *kernel)
{
	free(kernel->input);
	free(kernel->modules);
	boot_image_close(&kernel->image);
	*kernel = (struct kernel){0};
}
