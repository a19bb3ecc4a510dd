/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "vm/unpack.h"

#define BLOCK (64 * 1024)

/* No kernel is larger, and a few bytes can be told to become any number. */
#ifndef UNPACK_MAX
#define UNPACK_MAX (1024 * 1024 * 1024)
#endif

static void archive_free_p(struct archive **archive)
{
	if (*archive)
		archive_read_free(*archive);
}

#define cleanup_archive cleanup(archive_free_p)

/*
 * What kernels, modules and packages are compressed with. libarchive knows
 * more: formats that it starts programs for, and some that a text may be
 * mistaken for.
 */
static void support_filters(struct archive *archive)
{
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_lz4(archive);
	archive_read_support_filter_lzma(archive);
	archive_read_support_filter_lzop(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
}

/* Opens compressed data as the one member of an archive. */
static struct archive *open_raw(const void *data, size_t len)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;

	if (!archive)
		return NULL;
	support_filters(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open_memory(archive, data, len) != ARCHIVE_OK ||
	    archive_read_next_header(archive, &entry) != ARCHIVE_OK) {
		archive_read_free(archive);
		return NULL;
	}
	return archive;
}

static int unpack_exact(const void *data, size_t len, unsigned char **ret,
			size_t *ret_len)
{
	cleanup_archive struct archive *archive = open_raw(data, len);
	cleanup_free unsigned char *out = NULL;
	size_t used = 0, size = 0;
	ssize_t got;

	if (!archive)
		return -EBADMSG;
	for (;;) {
		if (size - used < BLOCK) {
			unsigned char *grown;

			size = size ? 2 * size : 4 * BLOCK;
			grown = realloc(out, size);
			if (!grown)
				return -ENOMEM;
			out = grown;
		}
		got = archive_read_data(archive, out + used, size - used);
		if (got <= 0)
			break;
		used += (size_t)got;
		if (used > UNPACK_MAX)
			return -EBADMSG;
	}
	if (got < 0)
		return -EBADMSG;
	*ret_len = used;
	*ret = take_pointer(out);
	return 0;
}

int unpack_memory(const void *data, size_t len, unsigned char **ret,
		  size_t *ret_len)
{
	int result = unpack_exact(data, len, ret, ret_len);

	/*
	 * The kernel's build appends the unpacked size as one 32-bit word to
	 * what most compressors write, which some of them take for damage.
	 */
	if (result == -EBADMSG && len > sizeof(uint32_t))
		result = unpack_exact(data, len - sizeof(uint32_t), ret,
				      ret_len);
	return result;
}

/* Which members of a package are wanted; docs and configuration are not. */
static const char *wanted_path(const char *path)
{
	static const char *const folders[] = {"boot/", "lib/modules/",
					      "usr/lib/modules/", NULL};

	while (*path == '.' || *path == '/')
		path++;
	if (strstr(path, "../"))
		return NULL;
	for (size_t i = 0; folders[i]; i++)
		if (!strncmp(path, folders[i], strlen(folders[i])))
			return path;
	return NULL;
}

static int make_parents(int dir, const char *path)
{
	cleanup_free char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	for (char *slash = strchr(copy, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdirat(dir, copy, 0755) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

static int extract_file(struct archive *archive, int dir, const char *path)
{
	cleanup_close int fd = -1;
	int ret = make_parents(dir, path);

	if (ret < 0)
		return ret;
	fd = openat(dir, path,
		    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		    0644);
	if (fd < 0)
		return -errno;
	errno = 0;
	if (archive_read_data_into_fd(archive, fd) != ARCHIVE_OK)
		return archive_errno(archive) == ENOSPC ? -ENOSPC : -EBADMSG;
	return 0;
}

/* Extracts what is wanted from data.tar. */
static int extract_tree(struct archive *tar, int dir)
{
	struct archive_entry *entry;
	int ret;

	while ((ret = archive_read_next_header(tar, &entry)) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);
		const char *path = name ? wanted_path(name) : NULL;

		if (!path || archive_entry_filetype(entry) != AE_IFREG ||
		    archive_entry_hardlink(entry))
			continue;
		ret = extract_file(tar, dir, path);
		if (ret < 0)
			return ret;
	}
	return ret == ARCHIVE_EOF ? 0 : -EBADMSG;
}

/* A member of the outer archive as input of the inner one. */
static la_ssize_t read_member(struct archive *archive, void *arg,
			      const void **ret_data)
{
	static _Thread_local char block[BLOCK];

	*ret_data = block;
	return archive_read_data(arg, block, sizeof(block));
}

static int extract_member(struct archive *ar, int dir)
{
	cleanup_archive struct archive *tar = archive_read_new();

	if (!tar)
		return -ENOMEM;
	support_filters(tar);
	archive_read_support_format_tar(tar);
	if (archive_read_open(tar, ar, NULL, read_member, NULL) != ARCHIVE_OK)
		return -EBADMSG;
	return extract_tree(tar, dir);
}

int unpack_deb(const char *deb, const char *dir, struct error *error)
{
	cleanup_archive struct archive *ar = archive_read_new();
	cleanup_close int dir_fd =
		open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct archive_entry *entry;
	int ret;

	if (!ar || dir_fd < 0)
		return error_set(error, ar ? -errno : -ENOMEM, "%s:", dir);
	if (access(deb, R_OK) < 0)
		return error_set(error, -errno, "%s:", deb);
	archive_read_support_format_ar(ar);
	if (archive_read_open_filename(ar, deb, BLOCK) != ARCHIVE_OK)
		return error_set(error, -EBADMSG,
				 "%s: not a Debian package: give a .deb file",
				 deb);
	while (archive_read_next_header(ar, &entry) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);

		if (!name || strncmp(name, "data.tar", 8) != 0)
			continue;
		ret = extract_member(ar, dir_fd);
		if (ret == -EBADMSG)
			return error_set(error, ret,
					 "%s: damaged package: fetch it again",
					 deb);
		return ret < 0 ? error_set(error, ret, "%s: in %s:", deb, dir)
			       : ret;
	}
	return error_set(error, -EBADMSG,
			 "%s: not a Debian package: it has no data.tar", deb);
}
