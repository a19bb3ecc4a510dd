/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The common steps that run in the cell process, and the views of a file. */
#include <fcntl.h>
#include <string.h>
#include <gupcheck/steps.h>
#include "base/cleanup.h"
#include "cell/cell.h"
#include "cell/facts.h"
#include "cell/mapping.h"

unsigned int cell_views(const struct cell *cell, unsigned int views)
{
	unsigned int traits = cell->id.filesystem->traits;

	if (!(traits & FS_DIRECT_IO))
		views &= ~(unsigned int)VIEW_DIRECT;
	if (!(traits & FS_RAW_READBACK))
		views &= ~(unsigned int)VIEW_RAW;
	return views;
}

static int read_file(const char *path, int flags, void *buf, size_t len)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	cleanup_free void *aligned = NULL;
	ssize_t n;

	if (fd < 0)
		return -errno;
	/* O_DIRECT wants the memory aligned to the device's block size */
	if (posix_memalign(&aligned, pattern_page_size(), len))
		return -ENOMEM;
	n = pread(fd, aligned, len, 0);
	if (n != (ssize_t)len)
		return n < 0 ? -errno : -EIO;
	memcpy(buf, aligned, len);
	return 0;
}

static int read_raw(struct cell *cell, const char *path, void *buf)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int (*settle)(int fd) = cell->id.filesystem->settle;
	struct extents extents;
	int ret;

	if (fd < 0)
		return -errno;
	ret = settle ? settle(fd) : 0;
	if (ret < 0)
		return ret;
	ret = extents_read(fd, &extents);
	if (ret < 0)
		return ret;
	return extents_pread(&extents, cell->stage.image_fd, buf,
			     cell->worker.window);
}

int cell_read(struct cell *cell, enum file_role file, enum view view, void *buf)
{
	char path[PATH_MAX];

	cell_path(cell, file, path);
	/* nobody may have moved it since, and no question may write */
	if (view == VIEW_RAW && cell->still)
		return extents_pread(&cell->still_map, cell->stage.image_fd,
				     buf, cell->worker.window);
	if (view == VIEW_RAW)
		return read_raw(cell, path, buf);
	return read_file(path, view == VIEW_DIRECT ? O_DIRECT : 0, buf,
			 cell->worker.window);
}

static void read_view(struct cell *cell, const struct step *step,
		      enum view view, void *buf)
{
	struct landing landing =
		mapping_landing(&cell->id, cell->worker.window, true);
	enum content content;
	size_t offset;
	int ret = cell_read(cell, step->file, view, buf);

	if (ret < 0) {
		cell_saw(cell, FACT_UNREADABLE, step->label, ret, view, 0);
		return;
	}
	content = content_classify(&cell->patterns, &landing, buf,
				   cell->worker.window, &offset);
	cell_saw(cell, FACT_READ, step->label, (int)content, view, offset);
}

int step_run_read(struct cell *cell, const struct step *step)
{
	/* O_DIRECT flushes what is dirty: look at the raw disk before it */
	static const enum view order[] = {VIEW_RAW, VIEW_DIRECT, VIEW_CACHED};
	unsigned int views = cell_views(cell, step->views);
	cleanup_free void *buf = malloc(cell->worker.window);

	if (!buf)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (views & order[i])
			read_view(cell, step, order[i], buf);
	return 0;
}

static int run_sync(struct cell *cell, const struct step *step)
{
	return stage_sync(&cell->stage);
}

const struct step step_sync = {
	.name = "sync",
	.summary = "syncfs",
	.in_cell = run_sync,
};

static int run_remount(struct cell *cell, const struct step *step)
{
	return stage_remount(&cell->stage);
}

const struct step step_remount = {
	.name = "remount",
	.summary =
		"unmount, which writes all there is to write, and mount again",
	.in_cell = run_remount,
};

static int run_forget(struct cell *cell, const struct step *step)
{
	cleanup_close int fd = -1;
	char path[PATH_MAX];

	fd = open(cell_path(cell, FILE_OTHER, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return -posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

const struct step step_forget = {
	.name = "forget",
	.summary =
		"posix_fadvise(POSIX_FADV_DONTNEED): the second file leaves the page cache",
	.in_cell = run_forget,
};

static int drop_once(void)
{
	cleanup_close int fd =
		open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, "3\n", 2) != 2 ? -errno : 0;
}

static int run_drop_caches(struct cell *cell, const struct step *step)
{
	int ret = drop_once();

	/* pages on their way to the list of inactive ones are met the second
	 * time */
	return ret ? ret : drop_once();
}

const struct step step_drop_caches = {
	.name = "drop_caches",
	.summary = "write 3 to /proc/sys/vm/drop_caches, twice",
	.in_cell = run_drop_caches,
};
