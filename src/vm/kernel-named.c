/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/cache.h"
#include "vm/kernel-named.h"
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

/* Whether @ret, BEFORE + @release + @after below @root, is there */
static bool is_there(const char *root, const char *before, const char *release,
		     const char *after, char ret[PATH_MAX])
{
	return snprintf(ret, PATH_MAX, "%s%s%s%s", root, before, release,
			after) < PATH_MAX &&
	       !access(ret, F_OK);
}

/*
 * Whether a kernel of this very release is installed. One without modules of
 * its own has everything built in.
 */
static bool find_installed(const char *root, const char *release,
			   struct kernel_files *ret)
{
	static const char *const images[][2] = {
		{"/boot/vmlinuz-", ""},
		{"/lib/modules/", "/vmlinuz"},
		{"/usr/lib/modules/", "/vmlinuz"},
	};
	static const char *const modules[] = {"/lib/modules/",
					      "/usr/lib/modules/"};
	bool found = false;

	for (size_t i = 0; i < 3 && !found; i++)
		found = is_there(root, images[i][0], release, images[i][1],
				 ret->image);
	ret->modules[0] = '\0';
	for (size_t i = 0; i < 2 && found && !ret->modules[0]; i++)
		if (!is_there(root, modules[i], release, "/modules.dep",
			      ret->modules))
			ret->modules[0] = '\0';
	if (found && ret->modules[0])
		*strrchr(ret->modules, '/') = '\0';
	return found;
}

/* @wanted: the release of @input, or its series alone, which is @stock then */
static int fetch(const char *wanted, const char *stock, struct error *error)
{
	char script[PATH_MAX];
	const char *list[] = {script, "--list", NULL};
	const char *argv[] = {script, stock, NULL};
	const char *apart = strcmp(wanted, stock) ? wanted : "";
	cleanup_free char *known = NULL;
	cleanup_free char *text = NULL;
	int ret = libexec_find("fetch-kernel", script, error);

	if (!ret)
		ret = run_program(list, &known, error);
	if (!ret && !listed(known, stock))
		ret = error_set(
			error, -ENOENT,
			"%s%s%s: no series of stock kernels that can be fetched: see fetch-kernel --list",
			apart,
			apart[0] ? ": is not installed here, and of " : "",
			stock);
	return ret < 0 ? ret : run_program(argv, &text, error);
}

/* Finds the files of a series or package, which is fetched when it is absent */
static int find_stock(const struct arch *arch, const char *input,
		      struct kernel_files *ret, struct error *error)
{
	const char *wanted = without_prefix(input);
	char stock[IMAGE_RELEASE_SIZE], kernels[PATH_MAX], folder[PATH_MAX];
	const char *have;
	int result = cache_folder("kernels", kernels, error);

	if (result < 0)
		return result;
	stock_name_of(wanted, stock, sizeof(stock));
	if (snprintf(folder, sizeof(folder), "%s/%s", kernels, stock) >=
	    (int)sizeof(folder))
		return error_set(error, -ENAMETOOLONG, "%s:", kernels);
	if (access(folder, F_OK))
		result = fetch(wanted, stock, error);
	if (!result)
		result = kernel_tree_find(arch, folder, ret, error);
	if (result < 0)
		return result;
	have = strrchr(ret->modules, '/');
	if (strcmp(wanted, stock) != 0 &&
	    (!have || strcmp(have + 1, wanted) != 0))
		return error_set(
			error, -ENOENT,
			"%s: is not installed here, and the stock kernel of %s is %s: ask for that one, or remove %s to fetch it anew",
			input, stock, have ? have + 1 : "another", folder);
	return 0;
}

int kernel_named_find(const struct arch *arch, const char *root,
		      const char *input, struct kernel_files *ret,
		      struct error *error)
{
	return find_installed(root, without_prefix(input), ret)
		       ? 0
		       : find_stock(arch, input, ret, error);
}
