/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "programs/pack.h"

#define BUFFER_SIZE 65536

static void close_archive(struct archive **archive)
{
	archive_write_free(*archive);
}

static void free_entry(struct archive_entry **entry)
{
	archive_entry_free(*entry);
}

static int add_content(struct archive *archive, int fd)
{
	char buffer[BUFFER_SIZE];
	ssize_t len;

	while ((len = read(fd, buffer, sizeof(buffer))) > 0)
		if (archive_write_data(archive, buffer, (size_t)len) != len)
			return -EIO;
	return len < 0 ? -errno : 0;
}

static int add_file(struct archive *archive, int dir, const char *folder,
		    const char *name)
{
	cleanup(free_entry) struct archive_entry *entry = archive_entry_new();
	cleanup_close int fd =
		openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	cleanup_free char *path = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (!entry)
		return -ENOMEM;
	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, st.st_size);
	archive_entry_set_mtime(entry, 0, 0);
	if (archive_write_header(archive, entry) != ARCHIVE_OK)
		return -EIO;
	return add_content(archive, fd);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int add_files(struct archive *archive, const char *path,
		     const char *folder)
{
	cleanup_close int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **list;
	int ret = 0, count;

	if (dir < 0)
		return -errno;
	count = scandir(path, &list, is_file, alphasort);
	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		if (!ret)
			ret = add_file(archive, dir, folder, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return ret;
}

int pack_folder(const char *base, const char *name, struct error *error)
{
	cleanup(close_archive) struct archive *archive = archive_write_new();
	cleanup_free char *path = NULL, *target = NULL;
	int ret;

	if (asprintf(&path, "%s/%s", base, name) < 0 ||
	    asprintf(&target, "%s" PACK_SUFFIX, path) < 0 || !archive)
		return error_set(error, -ENOMEM, "%s:", base);
	if (archive_write_add_filter_zstd(archive) != ARCHIVE_OK)
		return error_set(
			error, -ENOSYS,
			"%s: this libarchive has no zstd: pack the folders with tar",
			target);
	archive_write_set_format_pax_restricted(archive);
	if (archive_write_open_filename(archive, target) != ARCHIVE_OK)
		return error_set(error, -EIO, "%s cannot be written: %s",
				 target, archive_error_string(archive));
	ret = add_files(archive, path, name);
	if (archive_write_close(archive) != ARCHIVE_OK && !ret)
		ret = -EIO;
	return ret < 0 ? error_set(error, ret, "%s cannot be written:", target)
		       : 0;
}
