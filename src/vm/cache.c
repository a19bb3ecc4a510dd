/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "vm/cache.h"

#define FNV_PRIME UINT64_C(0x100000001b3)
#define WALK_DESCRIPTORS 16

uint64_t cache_key(uint64_t key, const void *data, size_t len)
{
	const unsigned char *byte = data;

	while (len--)
		key = (key ^ *byte++) * FNV_PRIME;
	return key;
}

static int make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/');;
	     slash = strchr(slash + 1, '/')) {
		if (slash)
			*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return -errno;
		if (!slash)
			return 0;
		*slash = '/';
	}
}

int cache_folder(const char *name, char ret_path[PATH_MAX], struct error *error)
{
	const char *base = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	const char *slash = name[0] ? "/" : "";
	int len, ret;

	if (base && base[0] == '/')
		len = snprintf(ret_path, PATH_MAX, "%s/gupcheck%s%s", base,
			       slash, name);
	else if (home && home[0] == '/')
		len = snprintf(ret_path, PATH_MAX, "%s/.cache/gupcheck%s%s",
			       home, slash, name);
	else
		return error_set(error, -ENOENT,
				 "no place for a cache: set XDG_CACHE_HOME");
	if (len >= PATH_MAX)
		return error_set(error, -ENAMETOOLONG, "XDG_CACHE_HOME:");

	ret = make_folders(ret_path);
	if (ret < 0)
		return error_set(
			error, ret,
			"%s: set XDG_CACHE_HOME to another folder:", ret_path);
	return 0;
}

int cache_store(const char *path, const void *data, size_t len,
		struct error *error)
{
	cleanup_free char *temporary = NULL;
	cleanup_close int fd = -1;
	int ret;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
		temporary = NULL;
		return error_set(error, -ENOMEM, "%s:", path);
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return error_set(error, -errno, "%s:", path);
	ret = fd_write_all(fd, data, len);
	if (!ret && (fchmod(fd, 0644) < 0 || rename(temporary, path) < 0))
		ret = -errno;
	if (ret < 0) {
		unlink(temporary);
		return error_set(error, ret, "%s:", path);
	}
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int kind,
			struct FTW *walk)
{
	return remove(path);
}

void cache_remove(const char *path)
{
	nftw(path, remove_entry, WALK_DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}
