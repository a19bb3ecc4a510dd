/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a cell: where they are, and how they are made. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include "base/cleanup.h"
#include "cell/cell.h"
#include "cell/mapping.h"
#include "cell/memory-file.h"

static int fill_mapped(int fd, size_t length, const void *data, size_t len)
{
	void *map;

	if (ftruncate(fd, (off_t)length) < 0)
		return -errno;
	map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	memcpy(map, data, len);
	munmap(map, length);
	return 0;
}

static bool is_memory_file(const struct cell *cell, enum file_role file)
{
	return file == FILE_PINNED && mapping_flag(&cell->id, VARIANT_MEMFD);
}

const char *cell_path(const struct cell *cell, enum file_role file, char *buf)
{
	if (!is_memory_file(cell, file))
		return stage_path(&cell->stage, file, buf);
	/* the worker has inherited it under the same number */
	snprintf(buf, PATH_MAX, "/proc/self/fd/%d", cell->memory_file);
	return buf;
}

static int make_memory_file(struct cell *cell)
{
	int fd =
		memory_file_create(cell->id.filesystem->traits & FS_HUGE_PAGES);

	if (fd < 0)
		return fd;
	fd_close(cell->memory_file);
	cell->memory_file = fd;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

static int make_file(struct cell *cell, enum file_role file)
{
	char path[PATH_MAX];
	int fd;

	if (is_memory_file(cell, file))
		return make_memory_file(cell);
	fd = open(cell_path(cell, file, path),
		  O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

int cell_create_file_with(struct cell *cell, enum file_role file,
			  const void *data)
{
	size_t window = cell->worker.window, length = cell->worker.map_length;
	cleanup_free char *all = calloc(1, length);
	cleanup_close int fd = make_file(cell, file);

	if (fd < 0 || !all)
		return fd < 0 ? fd : -ENOMEM;
	memcpy(all, data, window);
	if (cell->id.filesystem->traits & FS_MAPPED_ONLY)
		return fill_mapped(fd, length, all, window);
	/* at once: the folios are chosen by the length of a write */
	if (pwrite(fd, all, length, 0) != (ssize_t)length)
		return errno ? -errno : -EIO;
	return fsync(fd) < 0 ? -errno : stage_sync(&cell->stage);
}

int cell_create_file(struct cell *cell, enum file_role file,
		     const struct pattern *pattern)
{
	cleanup_free char *data = malloc(cell->worker.window);

	if (!data)
		return -ENOMEM;
	pattern_fill(pattern, 0, data, cell->worker.window);
	return cell_create_file_with(cell, file, data);
}
