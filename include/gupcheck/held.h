/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_HELD_H
#define GUPCHECK_HELD_H

/*
 * A file whose reads are answered when we say so: FUSE, served by a process of
 * its own, opened with direct I/O. Between request and answer the kernel holds
 * the memory that is read into.
 */

#include <limits.h>
#include <gupcheck/worker.h>

/**
 * struct held_file - the file and its server
 * @fd: the file, opened for reading with O_DIRECT
 *
 * The rest is for held.c alone. All zero: not open.
 */
struct held_file {
	int fd;
	pid_t server;
	int socket;
	char dir[PATH_MAX];
	bool asked;
	size_t request;
};

/** held_file_open() - start the server and open the file; broken if it fails */
void held_file_open(struct held_file *held, struct device *dev);

/**
 * held_file_asked() - whether a read waits for its answer; does not wait
 *
 * Broken when it is not one for @len bytes at once: a read in pieces would
 * leave the rest unpinned.
 */
bool held_file_asked(struct held_file *held, size_t len);

/**
 * held_file_answer() - let the read that waits go on
 * @data: as many bytes as it asks for; NULL: it fails with EIO
 *
 * Nothing is done where none waits.
 */
void held_file_answer(struct held_file *held, const void *data);

/**
 * held_file_close() - end the server, and with it every read that waits
 *
 * What waits for such a read has to be waited for afterwards. Accepts one that
 * is not open, or half.
 */
void held_file_close(struct held_file *held);

#endif
