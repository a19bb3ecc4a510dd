/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vm/blob.h"
#include "vm/host-program.h"
#include "vm/run-program.h"

int host_program_find(const char *name, char *ret_path, size_t size)
{
	const char *path = getenv("PATH");
	cleanup_free char *folders = NULL;
	char *rest, *folder;

	if (asprintf(&folders, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin") <
	    0) {
		folders = NULL;
		return -ENOMEM;
	}
	rest = folders;
	while ((folder = strsep(&rest, ":"))) {
		int len = snprintf(ret_path, size, "%s/%s", folder, name);

		if (folder[0] == '/' && len > 0 && (size_t)len < size &&
		    !access(ret_path, X_OK))
			return 0;
	}
	return -ENOENT;
}

/* The dynamic loader that the program names; "" for a static one. */
static int find_loader(const struct blob *program, char ret[PATH_MAX])
{
	uint64_t table = blob_le(program, offsetof(Elf64_Ehdr, e_phoff), 8);
	uint64_t count = blob_le(program, offsetof(Elf64_Ehdr, e_phnum), 2);

	ret[0] = '\0';
	if (program->len < sizeof(Elf64_Ehdr) ||
	    memcmp(program->data, ELFMAG, SELFMAG) != 0 ||
	    program->data[EI_CLASS] != ELFCLASS64)
		return -ENOEXEC;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = table + i * sizeof(Elf64_Phdr);
		uint64_t len = blob_le(program,
				       at + offsetof(Elf64_Phdr, p_filesz), 8);
		const unsigned char *text = blob_range(
			program,
			blob_le(program, at + offsetof(Elf64_Phdr, p_offset),
				8),
			len);

		if (blob_le(program, at, 4) != PT_INTERP)
			continue;
		if (!text || !len || len > PATH_MAX || text[len - 1])
			return -ENOEXEC;
		memcpy(ret, text, len);
		return 0;
	}
	return 0;
}

/* One line of what the loader says: `name => /path (address)` or `/path (…)`.
 */
static int add_library(struct initramfs *initramfs, char *line)
{
	char *path = strchr(line, '/');
	char *end = path ? strstr(path, " (") : NULL;

	if (!end)
		return 0; /* the kernel's own vdso, or no library at all */
	*end = '\0';
	return initramfs_add_host_file(initramfs, path, path);
}

static int add_libraries(struct initramfs *initramfs, const char *loader,
			 const char *program, struct error *error)
{
	const char *argv[] = {loader, "--list", program, NULL};
	cleanup_free char *text = NULL;
	char *rest, *line;
	int ret = run_program(argv, &text, error);

	if (!ret)
		ret = initramfs_add_host_file(initramfs, loader, loader);
	rest = text;
	while (!ret && rest && (line = strsep(&rest, "\n")))
		ret = add_library(initramfs, line);
	/* for libraries outside the folders that every loader searches */
	if (!ret && !access("/etc/ld.so.cache", R_OK))
		ret = initramfs_add_host_file(initramfs, "/etc/ld.so.cache",
					      "/etc/ld.so.cache");
	return ret;
}

int host_program_add(const char *name, struct initramfs *initramfs,
		     struct error *error)
{
	cleanup_blob struct blob program = {0};
	char path[PATH_MAX], loader[PATH_MAX];
	int ret = host_program_find(name, path, sizeof(path));

	if (ret < 0)
		return ret;
	if (initramfs_has(initramfs, path))
		return 0;
	ret = blob_open(&program, path);
	if (!ret)
		ret = find_loader(&program, loader);
	if (!ret)
		ret = initramfs_add_host_file(initramfs, path, path);
	if (!ret && loader[0])
		ret = add_libraries(initramfs, loader, path, error);
	return ret < 0 ? error_set(error, ret, "%s:", path) : 0;
}
