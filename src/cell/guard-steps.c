/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The common steps after which nobody may write: frozen, read-only, sealed. */
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/fsverity.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <gupcheck/steps.h>
#include "base/cleanup.h"
#include "cell/cell.h"
#include "cell/facts.h"

/* Seconds after which the keeper thaws whatever happens */
#define FREEZE_LIMIT_S 30

/* fs/verity/enable.c takes any power of two from 1024 to the page size */
#define VERITY_BLOCK 4096

static int open_pinned(struct cell *cell)
{
	char path[PATH_MAX];

	return open(cell_path(cell, FILE_PINNED, path), O_RDONLY | O_CLOEXEC);
}

static int run_freeze(struct cell *cell, const struct step *step)
{
	cleanup_close int dir =
		open(cell->stage.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int file = open_pinned(cell);
	int ret;

	if (dir < 0 || file < 0)
		return -errno;
	ret = extents_read(file, &cell->still_map);
	if (ret < 0)
		return ret;
	ret = keeper_freeze(
		&cell->options.keeper, cell->stage.dir,
		(unsigned int)(FREEZE_LIMIT_S * cell->options.limit_factor));
	if (ret < 0)
		return ret;
	if (ioctl(dir, FIFREEZE, 0) < 0)
		return -errno;
	cell->still = true;
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
	cell->still = false;
	keeper_thaw(&cell->options.keeper);
	return ret;
}

const struct step step_thaw = {
	.name = "thaw",
	.summary = "thaw the filesystem with FITHAW",
	.in_cell = run_thaw,
};

static int run_set_read_only(struct cell *cell, const struct step *step)
{
	cleanup_close int fd = open_pinned(cell);
	int ret = fd < 0 ? -errno : extents_read(fd, &cell->still_map);

	if (ret < 0)
		return ret;
	if (mount(NULL, cell->stage.dir, NULL,
		  MS_REMOUNT | MS_RDONLY | MS_NOATIME, NULL) < 0)
		return -errno;
	cell->still = true;
	return 0;
}

const struct step step_set_read_only = {
	.name = "set_read_only",
	.summary = "mount(2) with MS_REMOUNT | MS_RDONLY",
	.in_cell = run_set_read_only,
};

static int run_set_immutable(struct cell *cell, const struct step *step)
{
	cleanup_close int fd = open_pinned(cell);
	int flags;

	if (fd < 0 || ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
		return -errno;
	flags |= FS_IMMUTABLE_FL;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0 ? -errno : 0;
}

const struct step step_set_immutable = {
	.name = "set_immutable",
	.summary = "FS_IOC_SETFLAGS: make the pinned file immutable",
	.in_cell = run_set_immutable,
};

static int run_enable_verity(struct cell *cell, const struct step *step)
{
	struct fsverity_enable_arg arg = {
		.version = 1,
		.hash_algorithm = FS_VERITY_HASH_ALG_SHA256,
		.block_size = VERITY_BLOCK,
	};
	cleanup_close int fd = open_pinned(cell);

	if (fd < 0)
		return -errno;
	if (!ioctl(fd, FS_IOC_ENABLE_VERITY, &arg))
		return 0;
	if (errno != ENOTTY && errno != EOPNOTSUPP)
		return -errno;
	fact_say(cell->options.facts, FACT_SKIP,
		 "this kernel has no fs-verity on %s",
		 cell->id.filesystem->name);
	return STEP_STOP;
}

const struct step step_enable_verity = {
	.name = "enable_verity",
	.summary =
		"FS_IOC_ENABLE_VERITY: seal the pinned file with a tree of hashes",
	.in_cell = run_enable_verity,
};
