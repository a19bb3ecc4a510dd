/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * udmabuf: pages of a memfd become a DMA buffer, which other drivers, and the
 * process itself, can use like the memory of a device.
 *
 * It is told a file and an offset, not an address, and pins the pages of the
 * file for as long as the buffer lives. Files of a disk's filesystem were never
 * taken (EBADFD). Of files in memory it takes those alone that cannot shrink
 * (F_SEAL_SHRINK) and may be written; others are refused with EINVAL, which is
 * no verdict about memory: such a cell is skipped.
 *
 * The device write is a store through a mapping of the buffer, which knows
 * pages and nothing of the file. There is nothing to pin in anonymous memory:
 * for the control pin a memfd of our own takes its place.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <gupcheck/worker.h>

/*
 * struct udmabuf_state - the mechanism's memory
 * @device: /dev/udmabuf; 0: not open
 * @buffer: mapping of the pinned pages, or NULL
 * @len: bytes in it
 */
struct udmabuf_state {
	int device;
	char *buffer;
	size_t len;
};

static int open_udmabuf(struct device *dev)
{
	struct udmabuf_state *state = device_state(dev);

	state->device = (int)must(open("/dev/udmabuf", O_RDWR | O_CLOEXEC));
	return 0;
}

/* What @range holds stays there, but in a memfd now, which is returned */
static int replace_by_memfd(const struct range *range)
{
	int fd = (int)must(memfd_create("gupcheck-control",
					MFD_CLOEXEC | MFD_ALLOW_SEALING));
	const char *at = range->addr;

	for (size_t done = 0; done < range->len;)
		done += (size_t)must(write(fd, at + done, range->len - done));
	must(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	if (mmap(range->addr, range->len, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
		must(-1);
	return fd;
}

/* A file in memory that udmabuf does not take on principle */
static bool may_shrink(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && !(seals & F_SEAL_SHRINK);
}

static int create(struct udmabuf_state *state, int fd, size_t len)
{
	struct udmabuf_create request = {
		.memfd = (__u32)fd,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = len,
	};
	int buffer = ioctl(state->device, UDMABUF_CREATE, &request);
	void *map;

	if (buffer < 0 && errno == EINVAL && may_shrink(fd))
		worker_skip("the file has no F_SEAL_SHRINK: udmabuf takes "
			    "sealed memfds only");
	if (buffer < 0)
		return -errno;
	map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, buffer, 0);
	if (map == MAP_FAILED)
		must(-1);
	/* the mapping holds the buffer */
	close(buffer);
	state->buffer = map;
	state->len = len;
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	struct udmabuf_state *state = device_state(dev);
	int control, ret;

	if (range->fd >= 0)
		return create(state, range->fd, range->len);
	control = replace_by_memfd(range);
	ret = create(state, control, range->len);
	close(control);
	return ret;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct udmabuf_state *state = device_state(dev);

	memcpy(state->buffer, data, range->len);
	return 0;
}

static int device_read(struct device *dev, const struct range *range, void *buf)
{
	struct udmabuf_state *state = device_state(dev);

	memcpy(buf, state->buffer, range->len);
	return 0;
}

/* The buffer ends with its last mapping, and unpins before munmap returns */
static int unpin(struct device *dev)
{
	struct udmabuf_state *state = device_state(dev);

	must(munmap(state->buffer, state->len));
	state->buffer = NULL;
	return 0;
}

static void close_udmabuf(struct device *dev)
{
	struct udmabuf_state *state = device_state(dev);

	if (state->buffer)
		munmap(state->buffer, state->len);
	if (state->device > 0)
		close(state->device);
	memset(state, 0, sizeof(*state));
}

static const int refusals[] = {EBADFD, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EBADFD,
		.kernels = "*",
		.cause =
			"the file is neither a memfd nor of shmem or hugetlbfs",
		.mend = "make it with memfd_create(2)",
	},
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"the file has no F_SEAL_SHRINK, or it has F_SEAL_WRITE or F_SEAL_FUTURE_WRITE; or offset or size are no whole pages, or go beyond the parameter size_limit_mb of the module",
		.mend = "make it with MFD_ALLOW_SEALING, and add F_SEAL_SHRINK and no seal against writes",
	},
	{0},
};

static const struct gup_call calls[] = {
	{
		.kernels = "6.12,7.3",
		.function =
			"memfd_pin_folios(), mm/gup.c, for drivers/dma-buf/udmabuf.c",
		.flags =
			"FOLL_PIN, as FOLL_LONGTERM would: moved out of CMA and ZONE_MOVABLE",
	},
	{0},
};

const struct mechanism mechanism_udmabuf = {
	.name = "udmabuf",
	.summary =
		"DMA buffer made of a memfd, written through a mapping of it",
	.why = "Virtual machines lend their graphics memory to the host's GPU "
	       "by it, camera and video programs hand frames on. The pages "
	       "stay pinned as long as the buffer lives, and whoever has the "
	       "buffer may write them. For files of a disk it would be the "
	       "hazard of every long-term pin, so it has to refuse them.",
	.require = "root & device:/dev/udmabuf@CONFIG_UDMABUF",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD | MECH_BY_FILE,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct udmabuf_state),
	.open = open_udmabuf,
	.pin = pin,
	.device_write = device_write,
	.device_read = device_read,
	.unpin = unpin,
	.close = close_udmabuf,
};
