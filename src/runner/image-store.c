/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "base/io.h"
#include "media/image-pack.h"
#include "runner/image-store.h"

/* Where a file without a name cannot be had; the next one replaces it */
#define PART "image.part"
#define COPY_PIECE 65536

static void path_in(const char *dir, const char *name, char ret[PATH_MAX])
{
	snprintf(ret, PATH_MAX, "%s/%s", dir, name);
}

const char *image_name(const char *release, const char *id,
		       char buf[IMAGE_NAME_SIZE])
{
	char *at = buf + strlen(IMAGE_FOLDER "/");

	snprintf(buf, IMAGE_NAME_SIZE - strlen(IMAGE_SUFFIX),
		 IMAGE_FOLDER "/%s+%s", id, release);
	for (; *at; at++)
		if (*at == '/')
			*at = '-';
	strcat(buf, IMAGE_SUFFIX);
	return buf;
}

const char *image_name_last(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

bool image_name_good(const char *name)
{
	const char *folder = IMAGE_FOLDER "/";

	if (!strncmp(name, folder, strlen(folder)))
		name += strlen(folder);
	return name[0] && name[0] != '.' && !strchr(name, '/') &&
	       strlen(name) < IMAGE_NAME_SIZE;
}

static int open_file(struct image_store *store)
{
	char path[PATH_MAX];

	store->named = false;
	store->file = open(store->dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (store->file >= 0)
		return 0;
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
		return -errno;
	store->named = true;
	path_in(store->dir, PART, path);
	store->file =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return store->file < 0 ? -errno : 0;
}

int image_store_add(struct image_store *store, const void *data, size_t len)
{
	int ret = store->file < 0 ? open_file(store) : 0;

	return ret < 0 ? ret : fd_write_all(store->file, data, len);
}

static int give_name(const struct image_store *store, const char *path)
{
	char from[PATH_MAX];

	if (store->named) {
		path_in(store->dir, PART, from);
		return rename(from, path) < 0 ? -errno : 0;
	}
	snprintf(from, sizeof(from), "/proc/self/fd/%d", store->file);
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	return linkat(AT_FDCWD, from, AT_FDCWD, path, AT_SYMLINK_FOLLOW) < 0
		       ? -errno
		       : 0;
}

int image_store_keep(struct image_store *store, const char *name)
{
	char path[PATH_MAX];
	int ret = 0;

	path_in(store->dir, IMAGE_FOLDER, path);
	if (store->file < 0)
		ret = -ENODATA;
	else if (strchr(name, '/') && mkdir(path, 0777) < 0 && errno != EEXIST)
		ret = -errno;
	else if (fsync(store->file) < 0)
		ret = -errno;
	path_in(store->dir, name, path);
	if (!ret)
		ret = give_name(store, path);
	if (!ret)
		store->named = false;
	image_store_drop(store);
	return ret;
}

void image_store_drop(struct image_store *store)
{
	char path[PATH_MAX];

	if (store->file >= 0 && store->named) {
		path_in(store->dir, PART, path);
		unlink(path);
	}
	store->file = fd_close(store->file);
}

/* The folder of a journal that is named by its folder, or by itself */
static void folder_of(const char *path, char ret[PATH_MAX])
{
	struct stat st;
	char *slash;

	snprintf(ret, PATH_MAX, "%s", path);
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return;
	slash = strrchr(ret, '/');
	if (slash)
		*slash = '\0';
	else
		strcpy(ret, ".");
}

static int copy(int from, struct image_store *to)
{
	cleanup_free char *piece = malloc(COPY_PIECE);
	ssize_t n;
	int ret = piece ? 0 : -ENOMEM;

	while (!ret && (n = read(from, piece, COPY_PIECE)) != 0)
		ret = n < 0 ? -errno : image_store_add(to, piece, (size_t)n);
	return ret;
}

int image_store_copy(const char *path, const char *name, const char *dir,
		     const char *to, struct error *error)
{
	struct image_store store = {.dir = dir, .file = -1};
	char folder[PATH_MAX], source[PATH_MAX];
	cleanup_close int from = -1;
	struct stat st;
	int ret = 0;

	folder_of(path, folder);
	path_in(folder, name, source);
	/* a pipe or a link of a stranger's making is no image */
	from = open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (from < 0 || fstat(from, &st) < 0)
		ret = -errno;
	else if (!S_ISREG(st.st_mode))
		ret = -EINVAL;
	if (!ret)
		ret = copy(from, &store);
	if (!ret)
		ret = image_store_keep(&store, to);
	else
		image_store_drop(&store);
	return ret < 0 ? error_set(error, ret, "%s:", source) : 0;
}
