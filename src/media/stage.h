/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MEDIA_STAGE_H
#define MEDIA_STAGE_H

/*
 * Stage: makes, mounts and takes down the filesystem of one cell. Runs in the
 * cell's mount namespace.
 */

#include <stdbool.h>
#include <limits.h>
#include <gupcheck/filesystem.h>
#include <gupcheck/scenario.h>
#include <gupcheck/stage.h>
#include "base/error.h"
#include "media/loop.h"
#include "media/mapper.h"
#include "media/undo.h"

#define STAGE_SETTINGS_MAX 4

/** STAGE_IMAGE - name of the image file, in the working folder of the cell */
#define STAGE_IMAGE "image"
/** STAGE_SNAPSHOT - name of the folder in which a snapshot of the mount lies */
#define STAGE_SNAPSHOT "snapshot"

/** struct stage_setting - a number to be put back */
struct stage_setting {
	struct stage *stage;
	char path[128];
	long value;
};

/**
 * struct stage_listener - is told what is done to the machine, before it is
 *done
 * @arg: handed to both
 * @device: the name of the block device, before it is mounted; may be NULL
 * @setting: a kernel setting, with the value found and the amount to be added;
 *	again with the amount 0 when it was put back. Returns 0 or -errno, and
 *	then the setting is left alone. May be NULL.
 */
struct stage_listener {
	void *arg;
	void (*device)(void *arg, const char *device);
	int (*setting)(void *arg, const char *path, long value, long amount);
};

/**
 * struct stage - one mounted filesystem
 * @dir: the mount point (an ordinary folder where nothing is mounted)
 * @image_fd: the image file, or -1
 * @keep_image: stage_close() leaves the image file behind
 * @mapper: name of the device-mapper device, or ""
 * @mapper_fd: it, or -1
 * @device: name of the block device that is mounted, or ""
 * @skip: why the cell cannot run, or ""
 * @error: what went wrong
 */
struct stage {
	struct stage_listener listener;
	const struct filesystem *filesystem;
	char dir[PATH_MAX / 2];
	char image[PATH_MAX / 2];
	int image_fd;
	bool keep_image;
	int loop_fd;
	char mapper[MAPPER_NAME_SIZE];
	int mapper_fd;
	char device[LOOP_NAME_SIZE];
	char skip[256];
	struct error error;
	struct undo undo;
	struct stage_setting settings[STAGE_SETTINGS_MAX];
	unsigned int setting_count;
	bool mounted;
};

/**
 * stage_open() - image, loop device, mapper, mount
 * @suspendable: mount a device that mapper_suspend() can suspend
 * @workdir: folder on a tmpfs where templates and images live
 * @listener: copied; NULL: nobody listens
 * Return: 0; -ECANCELED with @skip set; another -errno with @error set. Call
 * stage_close() in every case.
 */
int stage_open(struct stage *stage, const struct filesystem *filesystem,
	       bool suspendable, const char *workdir,
	       const struct stage_listener *listener);

/**
 * stage_settle() - write all there is to write, and unmount
 *
 * What the filesystem has to say about that it says now. Return: 0 or -errno.
 */
int stage_settle(struct stage *stage);

/**
 * stage_check() - run the filesystem's own checker on the unmounted image
 * @words: receives its last words, @size bytes
 * Return: its exit status, or -errno (-ENOENT where there is no checker).
 */
int stage_check(const struct stage *stage, char *words, size_t size);

/**
 * stage_close() - unmount, detach, remove, put settings back
 * Return: 0, or -EBUSY when something could not be undone, with @error set.
 */
int stage_close(struct stage *stage);

/**
 * stage_remount() - unmount, which writes everything, and mount again
 *
 * Does nothing where there is no block device that keeps the data. Return: 0
 * or -errno.
 */
int stage_remount(struct stage *stage);

/** stage_path() - path of a file of the cell; @buf has PATH_MAX bytes */
const char *stage_path(const struct stage *stage, enum file_role file,
		       char *buf);

/** stage_sync() - syncfs(2); 0 or -errno */
int stage_sync(const struct stage *stage);

#endif
