/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The common steps that run in the worker. */
#ifndef GUPCHECK_WORKER_CODE
#define GUPCHECK_WORKER_CODE
#endif
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <gupcheck/steps.h>
#include <gupcheck/worker.h>
#include "base/error.h"
#include "cell/facts.h"
#include "cell/mapping.h"
#include "cell/worker.h"

static int run_map(struct worker *worker, const struct step *step)
{
	return mapping_make(worker);
}

const struct step step_map = {
	.name = "map",
	.summary = "mmap the file, readable and writable",
	.in_worker = run_map,
};

static int run_fault_in(struct worker *worker, const struct step *step)
{
	return mapping_prepare(worker);
}

const struct step step_fault_in = {
	.name = "fault_in",
	.summary =
		"store to every page of the mapping (variants: load only, after the pin, fsync, mlock or fork then)",
	.in_worker = run_fault_in,
};

static int run_pin(struct worker *worker, const struct step *step)
{
	int ret;

	if (!worker->controlled) {
		ret = worker_control_pin(worker);
		fact_send(worker->facts, FACT_CONTROL, NULL, ret, 0, 0);
		if (ret)
			return STEP_STOP;
		worker->controlled = true;
	}
	worker->range = mapping_range(worker, worker->map, worker->window);
	worker->range.fd = worker->fd;
	ret = worker_pin(worker, &worker->range, "file");
	fact_send(worker->facts, FACT_PIN, NULL, ret, 0, 0);
	worker->device.pinned = !ret;
	mapping_touch_late(worker);
	if (mapping_flag(worker->id, VARIANT_UNPINNABLE))
		return STEP_STOP;
	return ret ? STEP_STOP : 0;
}

const struct step step_pin = {
	.name = "pin",
	.summary =
		"pin anonymous memory as a control, release it; then pin the file's pages",
	.in_worker = run_pin,
};

static int run_fsync(struct worker *worker, const struct step *step)
{
	int fd = worker->fd;
	int ret;

	if (fd < 0)
		fd = open(worker->path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = fsync(fd) < 0 ? -errno : 0;
	if (fd != worker->fd)
		close(fd);
	return ret;
}

const struct step step_fsync = {
	.name = "fsync",
	.summary = "fsync the file: its pages become clean and write-protected",
	.in_worker = run_fsync,
};

static int run_unmap(struct worker *worker, const struct step *step)
{
	if (munmap(worker->map, worker->map_length) < 0)
		return -errno;
	worker->map = NULL;
	if (close(worker->fd) < 0)
		return -errno;
	worker->fd = -1;
	return 0;
}

const struct step step_unmap = {
	.name = "unmap",
	.summary = "munmap and close the file; only the pin is left",
	.in_worker = run_unmap,
};

/* For mechanisms that only read: what an application does, and may do */
static int store(struct worker *worker, const void *data)
{
	int fd;

	if (worker->map) {
		memcpy(worker->map, data, worker->window);
		return 0;
	}
	/* the mapping is gone: through a new one */
	fd = open(worker->path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	worker->fd = fd;
	worker->map = mapping_file(worker, MAP_SHARED);
	if (!worker->map)
		return -errno;
	memcpy(worker->map, data, worker->window);
	return run_unmap(worker, NULL);
}

static int look_through_cache(struct worker *worker, void *buf)
{
	int fd = open(worker->path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = pread(fd, buf, worker->window, 0);
	close(fd);
	return n == (ssize_t)worker->window ? 0 : -EIO;
}

/* Through the nearest view that is left: mapping, pin, page cache */
static int check_landed(struct worker *worker)
{
	const struct mechanism *mechanism = worker->id->mechanism;
	unsigned int view = VIEW_CACHED;
	char *buf;
	int ret;

	if (worker->map) {
		worker_check_landed(worker, worker->map, VIEW_MAPPED);
		return 0;
	}
	buf = must_alloc(worker->window);
	if (mechanism->device_read && mechanism->device_write) {
		view = VIEW_DEVICE;
		ret = worker_device_read(worker, buf);
	} else {
		ret = look_through_cache(worker, buf);
	}
	if (!ret)
		worker_check_landed(worker, buf, view);
	munmap(buf, worker->window);
	return ret;
}

static int run_device_write(struct worker *worker, const struct step *step)
{
	const struct mechanism *mechanism = worker->id->mechanism;
	char *data = worker_expected(worker);
	int ret;

	if (mechanism->device_write)
		ret = mechanism->device_write(
			&worker->device, &worker->range,
			data + mapping_landing(worker->id, worker->window,
					       false)
					.head);
	else
		ret = store(worker, data);
	munmap(data, worker->window);
	return ret ? ret : check_landed(worker);
}

const struct step step_device_write = {
	.name = "device_write",
	.summary =
		"the device writes new data through the pin (a mechanism that only reads: the process stores it through a mapping); seen to land",
	.in_worker = run_device_write,
};

const struct step step_device_write_may_wait = {
	.name = "device_write",
	.summary =
		"the device writes new data through the pin (a mechanism that only reads: the process stores it, which has to wait); seen to land",
	.flags = STEP_MAY_BLOCK,
	.in_worker = run_device_write,
};

static int run_device_read(struct worker *worker, const struct step *step)
{
	struct landing landing =
		mapping_landing(worker->id, worker->window, false);
	enum content content;
	size_t offset;
	char *buf;
	int ret;

	if (!worker->id->mechanism->device_read) {
		fact_send(worker->facts, FACT_UNREADABLE, "device", -EOPNOTSUPP,
			  VIEW_DEVICE, 0);
		return 0;
	}
	buf = must_alloc(worker->window);
	ret = worker_device_read(worker, buf);
	content = content_classify(worker->patterns, &landing, buf,
				   worker->window, &offset);
	munmap(buf, worker->window);
	if (!ret)
		fact_send(worker->facts, FACT_READ, "device", (int)content,
			  VIEW_DEVICE, offset);
	return ret;
}

const struct step step_device_read = {
	.name = "device_read",
	.summary = "read through the pin, where the mechanism can",
	.in_worker = run_device_read,
};

static int run_unpin(struct worker *worker, const struct step *step)
{
	int ret = worker->device.mechanism->unpin(&worker->device);

	worker->device.pinned = false;
	return ret;
}

const struct step step_unpin = {
	.name = "unpin",
	.summary =
		"release the pin; the kernel marks the pages dirty, if it does",
	.in_worker = run_unpin,
};

static int run_seal(struct worker *worker, const struct step *step)
{
	int fd = open(worker->path, O_RDWR | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) < 0 ? -errno : 0;
	close(fd);
	/* another errno says nothing of a pin */
	if (ret && ret != -EBUSY)
		worker_broken("F_SEAL_WRITE: %s", errno_name(-ret));
	return ret;
}

const struct step step_seal = {
	.name = "seal",
	.summary =
		"F_SEAL_WRITE: nothing is mapped that may write, so that only the pin can stand against it (EBUSY)",
	.flags = STEP_MAY_FAIL,
	.in_worker = run_seal,
};

const struct step step_seal_at_last = {
	.name = "seal_at_last",
	.summary = "F_SEAL_WRITE: works without the pin",
	.in_worker = run_seal,
};

static int run_write_back(struct worker *worker, const struct step *step)
{
	unsigned int all = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
			   SYNC_FILE_RANGE_WAIT_AFTER;

	return sync_file_range(worker->fd, 0, 0, all) < 0 ? -errno : 0;
}

const struct step step_write_back = {
	.name = "write_back",
	.summary =
		"sync_file_range: what is dirty is written, without metadata",
	.flags = STEP_MAY_BLOCK,
	.in_worker = run_write_back,
};

const struct step step_write_back_readonly = {
	.name = "write_back_readonly",
	.summary =
		"sync_file_range on a filesystem that is read-only now; may be refused",
	.flags = STEP_MAY_BLOCK | STEP_MAY_FAIL,
	.in_worker = run_write_back,
};

static int run_reopen(struct worker *worker, const struct step *step)
{
	worker->fd = open(worker->path, O_RDONLY | O_CLOEXEC);
	return worker->fd < 0 ? -errno : 0;
}

const struct step step_reopen = {
	.name = "reopen",
	.summary = "open the file again, read-only",
	.in_worker = run_reopen,
};

static int run_lease(struct worker *worker, const struct step *step)
{
	return fcntl(worker->fd, F_SETLEASE, F_RDLCK) < 0 ? -errno : 0;
}

const struct step step_lease = {
	.name = "lease",
	.summary =
		"fcntl(F_SETLEASE, F_RDLCK): granted only when nobody has the file open for writing",
	.in_worker = run_lease,
};

static int run_shrink_and_grow(struct worker *worker, const struct step *step)
{
	off_t size = (off_t)worker->window;
	off_t within = size - (off_t)pattern_page_size() + 1;

	if (ftruncate(worker->fd, within) < 0)
		return -errno;
	return ftruncate(worker->fd, size) < 0 ? -errno : 0;
}

const struct step step_shrink_and_grow = {
	.name = "shrink_and_grow",
	.summary =
		"ftruncate to the first byte of the last page, and back: its later blocks become a hole",
	.in_worker = run_shrink_and_grow,
};
