/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The common steps after which files share blocks, or have exchanged them. */
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/fs.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <gupcheck/steps.h>
#include "base/cleanup.h"
#include "cell/cell.h"
#include "cell/mapping.h"

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

static int run_write_alike(struct cell *cell, const struct step *step)
{
	size_t window = cell->worker.window;
	struct landing landing = mapping_landing(&cell->id, window, true);
	cleanup_free char *data = malloc(window);

	if (!data)
		return -ENOMEM;
	pattern_fill(&cell->patterns.old_data, 0, data, window);
	pattern_land(&cell->patterns.new_data, &landing, data, window);
	return cell_create_file_with(cell, FILE_OTHER, data);
}

const struct step step_write_alike = {
	.name = "write_alike",
	.summary =
		"write a second file with what the device is going to write, and sync",
	.in_cell = run_write_alike,
};

static int run_dedupe(struct cell *cell, const struct step *step)
{
	cleanup_free struct file_dedupe_range *range =
		calloc(1, sizeof(*range) + sizeof(range->info[0]));
	cleanup_close int from = -1, to = -1;
	char path[PATH_MAX];

	from = open(cell_path(cell, FILE_PINNED, path), O_RDONLY | O_CLOEXEC);
	to = open(cell_path(cell, FILE_OTHER, path), O_RDWR | O_CLOEXEC);
	if (from < 0 || to < 0 || !range)
		return -errno;
	range->src_length = cell->worker.window;
	range->dest_count = 1;
	range->info[0].dest_fd = to;
	if (ioctl(from, FIDEDUPERANGE, range) < 0)
		return -errno;
	if (range->info[0].status < 0)
		return range->info[0].status;
	if (range->info[0].status == FILE_DEDUPE_RANGE_DIFFERS)
		return -EILSEQ;
	return range->info[0].bytes_deduped == cell->worker.window ? 0 : -EIO;
}

const struct step step_dedupe = {
	.name = "dedupe",
	.summary =
		"FIDEDUPERANGE: let the second file share the blocks of the pinned one, if both hold the same (EILSEQ: they do not)",
	.flags = STEP_MAY_FAIL,
	.in_cell = run_dedupe,
};

static int run_snapshot(struct cell *cell, const struct step *step)
{
	struct btrfs_ioctl_vol_args args = {.name = STAGE_SNAPSHOT};
	cleanup_close int dir =
		open(cell->stage.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return -errno;
	args.fd = dir;
	return ioctl(dir, BTRFS_IOC_SNAP_CREATE, &args) < 0 ? -errno : 0;
}

const struct step step_snapshot = {
	.name = "snapshot",
	.summary = "BTRFS_IOC_SNAP_CREATE: a snapshot of the whole filesystem",
	.in_cell = run_snapshot,
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
