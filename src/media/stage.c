/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "media/command.h"
#include "media/image.h"
#include "media/stage.h"

static int read_number(const char *path, long *ret)
{
	cleanup_fclose FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	return fscanf(file, "%ld", ret) == 1 ? 0 : -EINVAL;
}

static int write_number(const char *path, long value)
{
	FILE *file = fopen(path, "we");
	int ret;

	if (!file)
		return -errno;
	ret = fprintf(file, "%ld\n", value) < 0 ? -EIO : 0;
	if (fclose(file))
		ret = -errno;
	return ret;
}

static int undo_setting(void *arg)
{
	const struct stage_setting *setting = arg;
	struct stage *stage = setting->stage;
	int ret = write_number(setting->path, setting->value);

	if (!ret && stage->listener.setting)
		ret = stage->listener.setting(stage->listener.arg,
					      setting->path, setting->value, 0);
	return ret;
}

int stage_add_to_setting(struct stage *stage, const char *path, long amount)
{
	struct stage_setting *setting = &stage->settings[stage->setting_count];
	long reached = 0;
	int ret;

	if (stage->setting_count == STAGE_SETTINGS_MAX)
		return -ENOSPC;
	ret = read_number(path, &setting->value);
	if (ret < 0)
		return ret;
	snprintf(setting->path, sizeof(setting->path), "%s", path);
	setting->stage = stage;
	if (stage->listener.setting)
		ret = stage->listener.setting(stage->listener.arg, path,
					      setting->value, amount);
	if (ret < 0)
		return ret;
	stage->setting_count++;
	undo_push(&stage->undo, "setting", undo_setting, setting);
	ret = write_number(path, setting->value + amount);
	if (!ret)
		ret = read_number(path, &reached);
	if (!ret && reached < setting->value + amount)
		ret = -EAGAIN;
	return ret;
}

int stage_skip(struct stage *stage, const char *reason)
{
	snprintf(stage->skip, sizeof(stage->skip), "%s", reason);
	return -ECANCELED;
}

const char *stage_path(const struct stage *stage, enum file_role file,
		       char *buf)
{
	static const char *const names[FILE_COUNT] = {
		[FILE_PINNED] = "pinned",
		[FILE_OTHER] = "other",
		[FILE_SNAPSHOT] = STAGE_SNAPSHOT "/pinned",
	};

	snprintf(buf, PATH_MAX, "%s/%s", stage->dir, names[file]);
	return buf;
}

int stage_sync(const struct stage *stage)
{
	cleanup_close int fd =
		open(stage->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 || syncfs(fd) < 0 ? -errno : 0;
}

static int undo_image(void *arg)
{
	struct stage *stage = arg;

	stage->image_fd = fd_close(stage->image_fd);
	if (stage->keep_image)
		return 0;
	return unlink(stage->image) < 0 && errno != ENOENT ? -errno : 0;
}

static int undo_loop(void *arg)
{
	struct stage *stage = arg;

	stage->loop_fd = fd_close(stage->loop_fd);
	return 0;
}

static int undo_mapper(void *arg)
{
	struct stage *stage = arg;

	stage->mapper_fd = fd_close(stage->mapper_fd);
	return mapper_remove(stage->mapper);
}

/* It is named after this process: two cells may run side by side */
static int open_mapper(struct stage *stage)
{
	int ret;

	snprintf(stage->mapper, sizeof(stage->mapper), "gupcheck-%d",
		 (int)getpid());
	ret = mapper_attach(stage->loop_fd, stage->mapper, &stage->mapper_fd,
			    stage->device);
	if (ret < 0)
		return error_set(&stage->error, ret,
				 "no device-mapper device:");
	undo_push(&stage->undo, "device-mapper device", undo_mapper, stage);
	return 0;
}

static int undo_dir(void *arg)
{
	struct stage *stage = arg;
	char path[PATH_MAX];

	if (!stage->mounted)
		for (enum file_role f = 0; f < FILE_COUNT; f++)
			unlink(stage_path(stage, f, path));
	return rmdir(stage->dir) < 0 && errno != ENOENT ? -errno : 0;
}

static int undo_mount(void *arg)
{
	struct stage *stage = arg;

	if (!stage->mounted)
		return 0;
	if (umount2(stage->dir, UMOUNT_NOFOLLOW) < 0)
		return -errno;
	stage->mounted = false;
	return 0;
}

static int open_image(struct stage *stage, const char *workdir)
{
	char template_path[PATH_MAX];
	int ret = image_template(stage->filesystem, workdir, template_path,
				 sizeof(template_path), &stage->error);

	if (ret < 0)
		return ret;
	undo_push(&stage->undo, "image", undo_image, stage);
	/* a filesystem that hangs may still write to that of a cell before */
	if (unlink(stage->image) < 0 && errno != ENOENT)
		return error_set(&stage->error, -errno,
				 "%s: cannot be replaced:", stage->image);
	ret = image_copy(template_path, stage->image);
	if (ret < 0)
		return error_set(&stage->error, ret,
				 "%s: cannot be copied:", template_path);
	stage->image_fd = ret;
	undo_push(&stage->undo, "loop device", undo_loop, stage);
	ret = loop_attach(stage->image_fd, &stage->loop_fd, stage->device);
	return ret < 0 ? error_set(&stage->error, ret, "no loop device:") : 0;
}

static int mount_it(struct stage *stage)
{
	const struct filesystem *filesystem = stage->filesystem;
	char source[LOOP_NAME_SIZE + 8] = "none";

	if (stage->device[0])
		snprintf(source, sizeof(source), "/dev/%s", stage->device);
	if (mount(source, stage->dir, filesystem->type, MS_NOATIME,
		  filesystem->options) < 0)
		return error_set(&stage->error, -errno,
				 "mount -t %s -o %s:", filesystem->type,
				 filesystem->options ? filesystem->options
						     : "");
	stage->mounted = true;
	return 0;
}

int stage_open(struct stage *stage, const struct filesystem *filesystem,
	       bool suspendable, const char *workdir,
	       const struct stage_listener *listener)
{
	int ret = 0;

	memset(stage, 0, sizeof(*stage));
	stage->filesystem = filesystem;
	if (listener)
		stage->listener = *listener;
	stage->image_fd = -1;
	stage->loop_fd = -1;
	stage->mapper_fd = -1;
	snprintf(stage->dir, sizeof(stage->dir), "%s/mount", workdir);
	snprintf(stage->image, sizeof(stage->image), "%s/" STAGE_IMAGE,
		 workdir);
	undo_push(&stage->undo, "mount point", undo_dir, stage);
	if (mkdir(stage->dir, 0700) < 0 && errno != EEXIST)
		return error_set(&stage->error, -errno,
				 "%s: cannot be made:", stage->dir);
	if (filesystem->prepare)
		ret = filesystem->prepare(stage);
	if (ret < 0)
		return ret == -ECANCELED ? ret
					 : error_set(&stage->error, ret,
						     "%s: preparation:",
						     filesystem->name);
	if (filesystem->mkfs)
		ret = open_image(stage, workdir);
	if (!ret && filesystem->mkfs && suspendable)
		ret = open_mapper(stage);
	if (ret < 0)
		return ret;
	if (stage->device[0] && stage->listener.device)
		stage->listener.device(stage->listener.arg, stage->device);
	if (!filesystem->type)
		return 0;
	undo_push(&stage->undo, "mount", undo_mount, stage);
	return mount_it(stage);
}

int stage_remount(struct stage *stage)
{
	int ret;

	if (!(stage->filesystem->traits & FS_BLOCK_BACKED))
		return 0;
	ret = undo_mount(stage);
	return ret ? ret : mount_it(stage);
}

int stage_settle(struct stage *stage)
{
	int ret;

	if (!stage->mounted)
		return 0;
	ret = stage_sync(stage);
	return ret < 0 ? ret : undo_mount(stage);
}

int stage_check(const struct stage *stage, char *words, size_t size)
{
	if (!stage->filesystem->check)
		return -ENOENT;
	if (stage->mounted || stage->image_fd < 0)
		return -EBUSY;
	return command_status(stage->filesystem->check, stage->image, words,
			      size);
}

static void report_undo(void *arg, const char *name, int ret)
{
	struct stage *stage = arg;

	error_set(&stage->error, ret, "%s of %s could not be undone:", name,
		  stage->filesystem->name);
}

int stage_close(struct stage *stage)
{
	return undo_run(&stage->undo, report_undo, stage) ? -EBUSY : 0;
}
