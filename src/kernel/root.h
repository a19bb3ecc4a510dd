/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_ROOT_H
#define KERNEL_ROOT_H

/*
 * Files of /proc, /sys and /lib below a directory that stands for `/`, so that
 * a recorded tree can take the place of the running kernel.
 *
 * @root: descriptor of that directory, or ROOT_REAL
 * @path: absolute, as on the real machine
 */

#include <stddef.h>
#include <sys/types.h>

#define ROOT_REAL (-1)

/** root_open() - open(2) for reading; a descriptor or -errno */
int root_open(int root, const char *path);

/**
 * root_read() - read a whole file
 * @ret: heap string, ended by NUL; the caller frees it
 *
 * Return: 0 or -errno; -EFBIG beyond 64 MiB.
 */
int root_read(int root, const char *path, char **ret);

/** root_read_line() - first line into @buffer, without its end; 0 or -errno */
int root_read_line(int root, const char *path, char *buffer, size_t size);

/** root_mode() - st_mode of @path, or -errno where there is none */
int root_mode(int root, const char *path, mode_t *ret);

/** root_executable() - 0 for a regular file that we may execute, or -errno */
int root_executable(int root, const char *path);

#endif
