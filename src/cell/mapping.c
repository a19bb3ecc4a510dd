/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_WORKER_CODE
#define GUPCHECK_WORKER_CODE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gupcheck/worker.h>
#include "base/error.h"
#include "cell/folios.h"
#include "cell/mapping.h"
#include "cell/memory-file.h"

/* What an unaligned range leaves of its first and last page: O_DIRECT wants a
 * multiple of the block size of the device that it reads from */
#define UNALIGNED_BYTES 512

bool mapping_flag(const struct cell_id *id, unsigned int flags)
{
	unsigned int own = id->variant ? id->variant->flags : 0;

	return (own | id->scenario->flags) & flags;
}

static bool has(const struct worker *worker, unsigned int flags)
{
	return mapping_flag(worker->id, flags);
}

static int sharing(const struct worker *worker)
{
	return has(worker, VARIANT_PRIVATE) ? MAP_PRIVATE : MAP_SHARED;
}

/* An address that a huge page can be mapped at */
static char *huge_place(const struct worker *worker)
{
	size_t size = folios_huge_size(), len = worker->map_length;
	char *room, *place;

	if (!size)
		return NULL;
	room = mmap(NULL, len + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	if (room == MAP_FAILED)
		return NULL;
	place = room + (size - (uintptr_t)room % size) % size;
	munmap(room, len + size);
	return place;
}

char *mapping_file(struct worker *worker, int flags)
{
	int prot = has(worker, VARIANT_READ_ONLY) ? PROT_READ
						  : PROT_READ | PROT_WRITE;
	bool large = has(worker, VARIANT_HUGE | VARIANT_LARGE);
	void *map = mmap(large ? huge_place(worker) : NULL, worker->map_length,
			 prot, flags, worker->fd, 0);

	if (map == MAP_FAILED)
		return NULL;
	/* what is read from a disk is read in the largest folios then */
	if (large)
		madvise(map, worker->map_length, MADV_HUGEPAGE);
	return map;
}

/* A second file of old data, over the second half of the mapping */
static int overlay_file(struct worker *worker, size_t half)
{
	size_t rest = worker->window - half;
	char *data = must_alloc(worker->window);
	int fd = open(worker->other, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0600);
	void *map;

	if (fd < 0)
		return -errno;
	pattern_fill(&worker->patterns->old_data, 0, data, worker->window);
	must_zero(pwrite(fd, data, worker->window, 0) == (ssize_t)worker->window
			  ? fsync(fd)
			  : -EIO);
	map = mmap(worker->map + half, rest, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_FIXED, fd, (off_t)half);
	close(fd);
	munmap(data, worker->window);
	return map == MAP_FAILED ? -errno : 0;
}

static int overlay_anonymous(struct worker *worker, size_t at, size_t len)
{
	void *map = mmap(worker->map + at, len, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (map == MAP_FAILED)
		return -errno;
	pattern_fill(&worker->patterns->old_data, at, map, len);
	return 0;
}

static int shape(struct worker *worker)
{
	size_t half = worker->window / 2;

	if (has(worker, VARIANT_ANON_FIRST))
		return overlay_anonymous(worker, 0, half);
	if (has(worker, VARIANT_ANON_LAST))
		return overlay_anonymous(worker, half, worker->window - half);
	if (has(worker, VARIANT_TWO_FILES))
		return overlay_file(worker, half);
	if (has(worker, VARIANT_BEYOND_EOF))
		return ftruncate(worker->fd, (off_t)half) < 0 ? -errno : 0;
	return 0;
}

/*
 * The file is opened for writing, so that only its seal stands against it. Some
 * kernels, most of those before 6.7, deny it every shared mapping then; it is
 * mapped as a mere reader does on these.
 */
static int map_sealed(struct worker *worker)
{
	worker->map = mapping_file(worker, MAP_SHARED);
	if (worker->map || errno != EPERM)
		return worker->map ? 0 : -errno;
	worker_note("mapped through a read-only descriptor: EPERM for another");
	close(worker->fd);
	worker->fd = open(worker->path, O_RDONLY | O_CLOEXEC);
	if (worker->fd < 0)
		return -errno;
	worker->map = mapping_file(worker, MAP_SHARED);
	return worker->map ? 0 : -errno;
}

static int map_memory_file(struct worker *worker)
{
	int ret = memory_file_seal(worker->fd, worker->id, false);

	if (ret < 0)
		return ret;
	if (has(worker, VARIANT_READ_ONLY))
		return map_sealed(worker);
	worker->map = mapping_file(worker, sharing(worker));
	return worker->map ? memory_file_seal(worker->fd, worker->id, true)
			   : -errno;
}

static int map_anew(struct worker *worker)
{
	bool memory = has(worker, VARIANT_MEMFD);
	int flags =
		has(worker, VARIANT_READ_ONLY) && !memory ? O_RDONLY : O_RDWR;

	/* what the round before left */
	if (worker->map)
		munmap(worker->map, worker->map_length);
	if (worker->fd >= 0)
		close(worker->fd);
	worker->fd = open(worker->path, flags | O_CLOEXEC);
	if (worker->fd < 0)
		return -errno;
	/* what was written in small folios is to be read again in large ones */
	if (has(worker, VARIANT_LARGE))
		posix_fadvise(worker->fd, 0, 0, POSIX_FADV_DONTNEED);
	if (has(worker, VARIANT_HOLE) &&
	    (ftruncate(worker->fd, 0) < 0 ||
	     ftruncate(worker->fd, (off_t)worker->map_length) < 0))
		return -errno;
	if (memory)
		return map_memory_file(worker);
	worker->map = mapping_file(worker, sharing(worker));
	return worker->map ? shape(worker) : -errno;
}

int mapping_make(struct worker *worker)
{
	int ret = map_anew(worker);

	if (ret < 0 || has(worker, VARIANT_FORKED))
		return ret;
	/* processes that a mechanism starts are to have no part in it */
	return madvise(worker->map, worker->map_length, MADV_DONTFORK) < 0
		       ? -errno
		       : 0;
}

/* A store of what is there already: makes every page present and writable */
static void touch(struct worker *worker)
{
	bool only_load = has(worker, VARIANT_READ_TOUCHED | VARIANT_READ_ONLY);
	size_t end = has(worker, VARIANT_BEYOND_EOF) ? worker->window / 2
						     : worker->window;

	for (size_t at = 0; at < end; at += pattern_page_size()) {
		volatile char *byte = worker->map + at;

		char value = *byte;

		if (!only_load)
			*byte = value;
	}
}

/* MADV_COLLAPSE, Linux 6.1 */
#define COLLAPSE 25

static void tell_folios(struct worker *worker)
{
	struct folios folios;
	int ret = folios_look(worker->map, worker->map_length, &folios);

	if (!ret && has(worker, VARIANT_HUGE) && !folios.mapped_whole &&
	    !madvise(worker->map, worker->map_length, COLLAPSE)) {
		touch(worker);
		ret = folios_look(worker->map, worker->map_length, &folios);
	}
	if (ret)
		worker_note("nobody knows in which folios: %s",
			    errno_name(-ret));
	else
		worker_note("%zu pages in %zu folios, the largest of %zu%s",
			    folios.pages, folios.folios, folios.largest,
			    folios.mapped_whole ? ", mapped whole" : "");
	if (has(worker, VARIANT_HUGE) && (ret || !folios.mapped_whole))
		worker_skip("the kernel maps no transparent huge page here");
}

/* Shares the mapping until it is killed */
static int share_with_child(struct worker *worker)
{
	pid_t parent = getpid();

	worker->child = fork();
	if (worker->child)
		return worker->child < 0 ? -errno : 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

int mapping_prepare(struct worker *worker)
{
	if (has(worker, VARIANT_UNTOUCHED))
		return 0;
	if (has(worker, VARIANT_HOLE))
		pattern_fill(&worker->patterns->old_data, 0, worker->map,
			     worker->window);
	touch(worker);
	if (has(worker, VARIANT_HUGE | VARIANT_LARGE))
		tell_folios(worker);
	if (has(worker, VARIANT_CLEANED) && fsync(worker->fd) < 0)
		return -errno;
	if (has(worker, VARIANT_MLOCKED)) {
		if (mlock(worker->map, worker->window) < 0)
			return -errno;
		/* this much is booked by us, not by a pin */
		locked_read(&worker->before);
	}
	return has(worker, VARIANT_FORKED) ? share_with_child(worker) : 0;
}

void mapping_touch_late(struct worker *worker)
{
	if (has(worker, VARIANT_UNTOUCHED))
		touch(worker);
}

struct range mapping_range(const struct worker *worker, char *addr, size_t len)
{
	size_t skip = has(worker, VARIANT_UNALIGNED) ? UNALIGNED_BYTES : 0;

	return (struct range){
		.addr = addr + skip,
		.len = len - 2 * skip,
		.fd = -1,
	};
}

void mapping_done(struct worker *worker)
{
	if (worker->child <= 0)
		return;
	kill(worker->child, SIGKILL);
	while (waitpid(worker->child, NULL, 0) < 0 && errno == EINTR)
		;
	worker->child = 0;
}

struct landing mapping_landing(const struct cell_id *id, size_t window,
			       bool in_file)
{
	struct landing landing = id->mechanism->landing;
	size_t half = window / 2;

	if (mapping_flag(id, VARIANT_UNALIGNED))
		landing.head = landing.tail = UNALIGNED_BYTES;
	if (in_file && mapping_flag(id, VARIANT_ANON_FIRST))
		landing.head = half;
	if (in_file && mapping_flag(id, VARIANT_ANON_LAST | VARIANT_TWO_FILES))
		landing.tail = window - half;
	return landing;
}
