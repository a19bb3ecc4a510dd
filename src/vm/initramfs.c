/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "vm/blob.h"
#include "vm/initramfs.h"

struct initramfs {
	struct archive *archive;
	int fd;
	char **paths;
	size_t count;
};

static void entry_free_p(struct archive_entry **entry)
{
	archive_entry_free(*entry);
}

#define cleanup_entry cleanup(entry_free_p)

void initramfs_free(struct initramfs *initramfs)
{
	if (!initramfs)
		return;
	if (initramfs->archive)
		archive_write_free(initramfs->archive);
	for (size_t i = 0; i < initramfs->count; i++)
		free(initramfs->paths[i]);
	free(initramfs->paths);
	fd_close(initramfs->fd);
	free(initramfs);
}

int initramfs_create(struct initramfs **ret, struct error *error)
{
	struct initramfs *initramfs = calloc(1, sizeof(*initramfs));

	if (!initramfs)
		return error_set(error, -ENOMEM, "initramfs:");
	initramfs->fd = memfd_create("initramfs", MFD_CLOEXEC);
	initramfs->archive = archive_write_new();
	if (initramfs->fd < 0 || !initramfs->archive ||
	    archive_write_set_format_cpio_newc(initramfs->archive) !=
		    ARCHIVE_OK ||
	    archive_write_open_fd(initramfs->archive, initramfs->fd) !=
		    ARCHIVE_OK) {
		initramfs_free(initramfs);
		return error_set(error, -ENOMEM, "initramfs:");
	}
	*ret = initramfs;
	return 0;
}

bool initramfs_has(const struct initramfs *initramfs, const char *path)
{
	for (size_t i = 0; i < initramfs->count; i++)
		if (!strcmp(initramfs->paths[i], path))
			return true;
	return false;
}

static int remember(struct initramfs *initramfs, const char *path)
{
	char **grown = reallocarray(initramfs->paths, initramfs->count + 1,
				    sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	initramfs->paths = grown;
	grown[initramfs->count] = strdup(path);
	if (!grown[initramfs->count])
		return -ENOMEM;
	initramfs->count++;
	return 0;
}

/* Adds every folder above @path: the kernel makes none by itself. */
static int add_parents(struct initramfs *initramfs, const char *path)
{
	cleanup_free char *copy = strdup(path);
	int ret = 0;

	if (!copy)
		return -ENOMEM;
	for (char *slash = strchr(copy + 1, '/'); slash && !ret;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		ret = initramfs_add_folder(initramfs, copy);
		*slash = '/';
	}
	return ret;
}

/* Writes one member; @entry has everything but its name. */
static int put(struct initramfs *initramfs, const char *path,
	       struct archive_entry *entry, const void *data, size_t len)
{
	int ret;

	if (!entry)
		return -ENOMEM;
	if (path[0] != '/')
		return -EINVAL;
	if (initramfs_has(initramfs, path))
		return 0;
	ret = add_parents(initramfs, path);
	if (!ret)
		ret = remember(initramfs, path);
	if (ret < 0)
		return ret;
	archive_entry_set_pathname(entry, path + 1);
	archive_entry_set_size(entry, (la_int64_t)len);
	archive_entry_set_nlink(entry, 1);
	if (archive_write_header(initramfs->archive, entry) != ARCHIVE_OK)
		return -EIO;
	if (len && archive_write_data(initramfs->archive, data, len) !=
			   (la_ssize_t)len)
		return -EIO;
	return 0;
}

int initramfs_add(struct initramfs *initramfs, const char *path, mode_t mode,
		  const void *data, size_t len)
{
	cleanup_entry struct archive_entry *entry = archive_entry_new();

	if (entry)
		archive_entry_set_mode(entry, S_IFREG | (mode & 07777));
	return put(initramfs, path, entry, data, len);
}

int initramfs_add_folder(struct initramfs *initramfs, const char *path)
{
	cleanup_entry struct archive_entry *entry = archive_entry_new();

	if (entry)
		archive_entry_set_mode(entry, S_IFDIR | 0755);
	return put(initramfs, path, entry, NULL, 0);
}

int initramfs_add_link(struct initramfs *initramfs, const char *path,
		       const char *target)
{
	cleanup_entry struct archive_entry *entry = archive_entry_new();

	if (entry) {
		archive_entry_set_mode(entry, S_IFLNK | 0777);
		archive_entry_set_symlink(entry, target);
	}
	return put(initramfs, path, entry, NULL, 0);
}

int initramfs_add_device(struct initramfs *initramfs, const char *path,
			 dev_t device)
{
	cleanup_entry struct archive_entry *entry = archive_entry_new();

	if (entry) {
		archive_entry_set_mode(entry, S_IFCHR | 0600);
		archive_entry_set_rdev(entry, device);
	}
	return put(initramfs, path, entry, NULL, 0);
}

int initramfs_add_host_file(struct initramfs *initramfs, const char *path,
			    const char *source)
{
	cleanup_blob struct blob blob = {0};
	struct stat st;
	int ret = blob_open(&blob, source);

	if (ret < 0)
		return ret;
	if (stat(source, &st) < 0)
		return -errno;
	return initramfs_add(initramfs, path, st.st_mode, blob.data, blob.len);
}

int initramfs_finish(struct initramfs *initramfs)
{
	int ret = 0;

	if (archive_write_close(initramfs->archive) != ARCHIVE_OK)
		ret = -EIO;
	else
		ret = take_fd(&initramfs->fd);
	initramfs_free(initramfs);
	return ret;
}
