/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/require.h"
#include "vm/guest-image.h"
#include "vm/host-program.h"
#include "vm/initramfs.h"
#include "vm/kernel-config.h"
#include "vm/modules.h"

#define GUEST_CONFIG "/gupcheck/config"
#define CONSOLE_MAJOR 5
#define CONSOLE_MINOR 1

/**
 * struct builder - while the archive is being filled
 * @modules: NULL where everything is built in
 * @ret: the first error
 */
struct builder {
	struct initramfs *initramfs;
	struct modules *modules;
	struct error *error;
	int ret;
};

static void add_module(struct builder *builder, const char *name)
{
	if (builder->modules && !builder->ret)
		builder->ret = modules_add(builder->modules, name,
					   builder->initramfs, builder->error);
}

/* What the host does not have is missing in the guest, where a cell says so. */
static void add_program(struct builder *builder, const char *name)
{
	int ret;

	if (builder->ret)
		return;
	ret = host_program_add(name, builder->initramfs, builder->error);
	builder->ret = ret == -ENOENT ? 0 : ret;
}

static void add_atom(void *arg, const char *kind, const char *argument,
		     const char *symbol)
{
	struct builder *builder = arg;

	if (!strcmp(kind, "module") || !strcmp(kind, "filesystem") ||
	    !strcmp(kind, "wants"))
		add_module(builder, argument);
	else if (!strcmp(kind, "program"))
		add_program(builder, argument);
}

static void add_expression(struct builder *builder, const char *expression)
{
	if (!expression || !expression[0] || builder->ret)
		return;
	if (require_each(expression, add_atom, builder) < 0)
		builder->ret =
			error_set(builder->error, -EINVAL,
				  "malformed requirement '%s'", expression);
}

static void add_plan(struct builder *builder, const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct cell_id *id = &plan->cells[i];

		add_expression(builder, id->mechanism->require);
		add_expression(builder, id->filesystem->require);
		add_expression(builder, id->scenario->require);
		if (id->filesystem->mkfs)
			add_program(builder, id->filesystem->mkfs[0]);
		if (id->filesystem->check)
			add_program(builder, id->filesystem->check[0]);
	}
}

/* By this list the guest tells a built-in module from one that is missing. */
static int add_builtin_list(struct builder *builder, const char *folder)
{
	const char *slash = strrchr(folder, '/');
	char source[PATH_MAX], target[PATH_MAX];
	int ret;

	snprintf(source, sizeof(source), "%s/modules.builtin", folder);
	snprintf(target, sizeof(target), "/lib/modules/%s/modules.builtin",
		 slash ? slash + 1 : folder);
	ret = initramfs_add_host_file(builder->initramfs, target, source);
	return ret == -ENOENT ? 0 : ret;
}

static int add_skeleton(struct initramfs *initramfs, const char *guest,
			struct error *error)
{
	static const char *const folders[] = {"/dev", "/proc", "/sys",
					      "/tmp", "/run",  GUEST_MODULES};
	static const char passwd[] = "root:x:0:0:root:/:/bin/false\n";
	int ret = initramfs_add_host_file(initramfs, "/init", guest);

	if (ret < 0)
		return error_set(error, ret, "%s:", guest);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		ret = ret ? ret : initramfs_add_folder(initramfs, folders[i]);
	if (!ret)
		ret = initramfs_add(initramfs, "/etc/passwd", 0644, passwd,
				    sizeof(passwd) - 1);
	if (!ret)
		ret = initramfs_add_link(initramfs, "/etc/mtab",
					 "/proc/mounts");
	/* the kernel opens it for process 1 before anything is mounted */
	if (!ret)
		ret = initramfs_add_device(
			initramfs, "/dev/console",
			makedev(CONSOLE_MAJOR, CONSOLE_MINOR));
	return ret < 0 ? error_set(error, ret, "initramfs:") : 0;
}

/*
 * A kernel without modules has no list of what is built in. Its configuration
 * tells, and of a module that is not there whether it was to be built.
 */
static int add_config(struct builder *builder, const struct arch *arch,
		      const struct kernel *kernel)
{
	cleanup_free char *text = NULL;
	char where[PATH_MAX];
	int ret = kernel_config_read(arch, kernel, &text, where);

	if (ret < 0)
		return ret == -ENOMEM ? ret : 0;
	return initramfs_add(builder->initramfs, GUEST_CONFIG, 0644, text,
			     strlen(text));
}

static int fill(struct builder *builder, const struct arch *arch,
		const char *guest, const struct kernel *kernel,
		const struct plan *plan)
{
	const char *folder = kernel->modules;
	int ret = add_skeleton(builder->initramfs, guest, builder->error);

	if (!ret && folder)
		ret = modules_open(&builder->modules, folder, builder->error);
	if (!ret)
		ret = add_config(builder, arch, kernel);
	if (!ret && folder)
		ret = add_builtin_list(builder, folder);
	if (ret < 0)
		return ret;
	/* every image file lies on a loop device */
	add_module(builder, "loop");
	add_plan(builder, plan);
	return builder->ret;
}

int guest_image_build(const struct arch *arch, const char *guest,
		      const struct kernel *kernel, const struct plan *plan,
		      struct error *error)
{
	struct builder builder = {.error = error};
	int ret = initramfs_create(&builder.initramfs, error);

	if (ret < 0)
		return ret;
	ret = fill(&builder, arch, guest, kernel, plan);
	modules_close(builder.modules);
	if (ret < 0) {
		initramfs_free(builder.initramfs);
		return error_set(error, ret, "initramfs:");
	}
	ret = initramfs_finish(builder.initramfs);
	return ret < 0 ? error_set(error, ret, "initramfs:") : ret;
}
