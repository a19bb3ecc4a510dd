/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The common steps that run in the cell process, and the views of a file. */
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <gupcheck/steps.h>
#include "base/cleanup.h"
#include "cell/cell.h"
#include "cell/facts.h"
#include "cell/mapping.h"

/* Seconds after which the keeper thaws whatever happens */
#define FREEZE_LIMIT_S 30

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
	/* a frozen disk is looked at where the file lay when it was frozen */
	if (view == VIEW_RAW && cell->frozen)
		return extents_pread(&cell->frozen_map, cell->stage.image_fd,
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
		fact_send(cell->options.facts, FACT_UNREADABLE, step->label,
			  ret, view, 0);
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

static int run_reflink(struct cell *cell, const struct step *step)
{
	cleanup_close int from = -1, to = -1;
	char path[PATH_MAX];

	from = open(cell_path(cell, FILE_PINNED, path), O_RDONLY | O_CLOEXEC);
	to = open(cell_path(cell, FILE_OTHER, path),
		  O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (from < 0 || to < 0 || ioctl(to, FICLONE, from) < 0 || fsync(to) < 0)
		return -errno;
	return stage_sync(&cell->stage);
}

const struct step step_reflink = {
	.name = "reflink",
	.summary = "clone the file with FICLONE into a second one, and sync",
	.in_cell = run_reflink,
};

static int run_freeze(struct cell *cell, const struct step *step)
{
	cleanup_close int dir = -1, file = -1;
	char path[PATH_MAX];
	int ret;

	dir = open(cell->stage.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	file = open(cell_path(cell, FILE_PINNED, path), O_RDONLY | O_CLOEXEC);
	if (dir < 0 || file < 0)
		return -errno;
	ret = extents_read(file, &cell->frozen_map);
	if (ret < 0)
		return ret;
	ret = keeper_freeze(
		&cell->options.keeper, cell->stage.dir,
		(unsigned int)(FREEZE_LIMIT_S * cell->options.limit_factor));
	if (ret < 0)
		return ret;
	if (ioctl(dir, FIFREEZE, 0) < 0)
		return -errno;
	cell->frozen = true;
	return 0;
}

const struct step step_freeze = {
	.name = "freeze",
	.summary =
		"freeze the filesystem with FIFREEZE; a keeper process will thaw it in any case",
	.in_cell = run_freeze,
};

static int run_thaw(struct cell *cell, const struct step *step)
{
	cleanup_close int dir =
		open(cell->stage.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret;

	if (dir < 0)
		return -errno;
	ret = ioctl(dir, FITHAW, 0) < 0 ? -errno : 0;
	cell->frozen = false;
	keeper_thaw(&cell->options.keeper);
	return ret;
}

const struct step step_thaw = {
	.name = "thaw",
	.summary = "thaw the filesystem with FITHAW",
	.in_cell = run_thaw,
};

/* fs/ext4/ext4.h; the number and the layout are user space ABI */
struct move_extent {
	uint32_t reserved;
	uint32_t donor_fd;
	uint64_t orig_start;
	uint64_t donor_start;
	uint64_t len;
	uint64_t moved_len;
};

#define MOVE_EXTENT _IOWR('f', 15, struct move_extent)

static int run_move_extent(struct cell *cell, const struct step *step)
{
	cleanup_close int donor = -1, other = -1;
	struct move_extent move = {0};
	struct statfs fs;
	char path[PATH_MAX];
	int ret;

	ret = cell_create_file(cell, FILE_OTHER, &cell->patterns.foreign);
	if (ret < 0)
		return ret;
	donor = open(cell_path(cell, FILE_PINNED, path), O_RDWR | O_CLOEXEC);
	other = open(cell_path(cell, FILE_OTHER, path), O_RDWR | O_CLOEXEC);
	if (donor < 0 || other < 0 || fstatfs(donor, &fs) < 0)
		return -errno;
	move.donor_fd = (uint32_t)donor;
	move.len = cell->worker.window / (size_t)fs.f_bsize;
	return ioctl(other, MOVE_EXTENT, &move) < 0 ? -errno : 0;
}

const struct step step_move_extent = {
	.name = "move_extent",
	.summary =
		"EXT4_IOC_MOVE_EXT: exchange the blocks of a second file with those of the pinned one, the donor",
	.flags = STEP_MAY_FAIL,
	.in_cell = run_move_extent,
};

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
