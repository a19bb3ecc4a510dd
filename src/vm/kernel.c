/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/kernel-build.h"
#include "vm/kernel-named.h"
#include "vm/kernel-tree.h"
#include "vm/kernel.h"
#include "vm/module-fit.h"

static bool ends_with_deb(const char *text)
{
	size_t len = strlen(text);

	return len > 4 && !strcmp(text + len - 4, ".deb");
}

/* `https://…`, also among packages that are joined by commas */
static bool has_url(const char *input)
{
	for (const char *at = input; (at = strstr(at, "://")); at++) {
		const char *scheme = at;

		while (scheme > input && isalpha((unsigned char)scheme[-1]))
			scheme--;
		if (scheme < at && (scheme == input || scheme[-1] == ','))
			return true;
	}
	return false;
}

static int refuse_url(const char *input, struct error *error)
{
	return error_set(
		error, -EINVAL,
		"%s: nothing is fetched from a URL: download it first, and give the file",
		input);
}

/* Fills @ret with paths; that they are a kernel is found out later. */
static int find_files(const struct arch *arch, const char *root,
		      const char *input, struct kernel_files *ret,
		      struct error *error)
{
	char folder[PATH_MAX];
	struct stat st;
	int result;

	if (has_url(input))
		return refuse_url(input, error);
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
		return kernel_named_find(arch, root, input, ret, error);
	if (errno == ENOENT)
		return error_set(
			error, -ENOENT,
			"%s: no such file, no release, and no series of Debian kernels: give one such as 6.1, a .deb, an image, or a folder",
			input);
	return error_set(error, -errno, "%s:", input);
}

/*
 * The user's --modules replaces what was found beside the image. A folder that
 * a kernel was built in has its modules everywhere.
 */
static int choose_modules(const char *modules, const char *input,
			  const char *release, struct kernel_files *files,
			  struct error *note, struct error *error)
{
	int ret;

	if (!modules && !files->modules[0] && kernel_build_is(input))
		return kernel_build_modules(input, files->modules, note, error);
	if (!modules)
		return 0;
	if (has_url(modules))
		return refuse_url(modules, error);
	if (!kernel_modules_find(modules, release, files->modules) ||
	    !kernel_modules_find(modules, "", files->modules))
		return 0;
	ret = kernel_build_is(modules)
		      ? kernel_build_modules(modules, files->modules, note,
					     error)
		      : 0;
	if (ret < 0 || files->modules[0] || note->text[0])
		return ret;
	return error_set(
		error, -ENOENT,
		"%s: no modules here: give the folder that holds lib/modules, or lib/modules/RELEASE itself",
		modules);
}

/* Whoever reads the modules later need not know where we were then */
static char *absolute(const char *path)
{
	cleanup_free char *folder = path[0] == '/' ? NULL : getcwd(NULL, 0);
	char *ret;

	if (path[0] == '/')
		return strdup(path);
	return folder && asprintf(&ret, "%s/%s", folder, path) >= 0 ? ret
								    : NULL;
}

static int fill(const char *input, const struct kernel_files *files,
		struct kernel *kernel, struct error *error)
{
	const char *slash = strrchr(files->modules, '/');
	const char *release = kernel->image.release;

	/* modules load into the kernel whose release is their folder's name */
	if (slash && release[0] && strcmp(slash + 1, release) != 0)
		return error_set(
			error, -ENOEXEC,
			"%s: is %s, but its modules are for %s: give the --modules that belong to it, or build both anew",
			input, release, slash + 1);
	if (slash)
		release = slash + 1;
	snprintf(kernel->release, sizeof(kernel->release), "%.*s",
		 IMAGE_RELEASE_SIZE - 1, release);
	kernel->input = strdup(input);
	kernel->modules = files->modules[0] ? absolute(files->modules) : NULL;
	return kernel->input && (kernel->modules || !files->modules[0])
		       ? 0
		       : -ENOMEM;
}

int kernel_open_below(const struct arch *arch, const char *root,
		      const char *input, const char *modules,
		      struct kernel *ret, struct error *error)
{
	struct kernel_files files = {0};
	struct kernel kernel = {0};
	int result = find_files(arch, root, input, &files, error);

	if (!result)
		result = boot_image_open(arch, files.image, &kernel.image,
					 error);
	if (!result)
		result = choose_modules(modules, input, kernel.image.release,
					&files, &kernel.note, error);
	if (!result)
		result = fill(input, &files, &kernel, error);
	if (!result && kernel.modules)
		result = module_fit_check(input, kernel.modules, &kernel.image,
					  error);
	if (result < 0) {
		kernel_close(&kernel);
		return error_set(error, result, "%s:", input);
	}
	*ret = kernel;
	return 0;
}

int kernel_open(const struct arch *arch, const char *input, const char *modules,
		struct kernel *ret, struct error *error)
{
	return kernel_open_below(arch, "", input, modules, ret, error);
}

void kernel_close(struct kernel *kernel)
{
	free(kernel->input);
	free(kernel->modules);
	boot_image_close(&kernel->image);
	*kernel = (struct kernel){0};
}
