/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * While a virtual machine is migrated, vhost sets a bit in a log for each page
 * that it writes to. For every bit it pins the page of the log, sets the bit
 * through the kernel's own mapping, makes the page dirty and lets go of it. The
 * page faults when it is write-protected, so the filesystem hears of it.
 *
 * No guest is needed: when a ring is started its flags are written, which is
 * logged at the address that the ring is said to have. One start sets one bit,
 * at any place. Bits are set, never cleared: the log is empty when it begins.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vhost.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <gupcheck/worker.h>

/* What the log counts in, VHOST_PAGE_SIZE of the kernel: bytes for each bit */
#define LOG_UNIT 4096
#define PIECE 2
#define STRIDE 4096
#define RINGS 2
/* the first one is looked after by a thread, too, which would log as well */
#define LOGGED_RING 1
#define RING_ENTRIES 2

struct vhost_log {
	int fd; /* 0: none */
	char *rings; /* a page for both */
};

static int open_vhost(struct device *dev)
{
	struct vhost_log *state = device_state(dev);
	struct vhost_memory none = {0};

	state->rings = must_alloc(pattern_page_size());
	state->fd = (int)must(open("/dev/vhost-vsock", O_RDWR | O_CLOEXEC));
	must(ioctl(state->fd, VHOST_SET_OWNER));
	must(ioctl(state->fd, VHOST_SET_MEM_TABLE, &none));
	for (unsigned int i = 0; i < RINGS; i++) {
		struct vhost_vring_state entries = {i, RING_ENTRIES};
		uint64_t ring = (uint64_t)(uintptr_t)state->rings;
		struct vhost_vring_addr addr = {
			.index = i,
			.desc_user_addr = ring,
			.avail_user_addr = ring + 1024,
			.used_user_addr = ring + 2048,
		};

		must(ioctl(state->fd, VHOST_SET_VRING_NUM, &entries));
		must(ioctl(state->fd, VHOST_SET_VRING_ADDR, &addr));
	}
	return 0;
}

/* @bit: from the beginning of the log */
static void log_bit(struct vhost_log *state, uint64_t bit)
{
	uint64_t ring = (uint64_t)(uintptr_t)state->rings;
	struct vhost_vring_addr addr = {
		.index = LOGGED_RING,
		.flags = 1 << VHOST_VRING_F_LOG,
		.desc_user_addr = ring,
		.avail_user_addr = ring + 1024,
		.used_user_addr = ring + 2048,
		.log_guest_addr = bit * LOG_UNIT,
	};
	int running = 1;

	must(ioctl(state->fd, VHOST_SET_VRING_ADDR, &addr));
	must(ioctl(state->fd, VHOST_VSOCK_SET_RUNNING, &running));
	running = 0;
	must(ioctl(state->fd, VHOST_VSOCK_SET_RUNNING, &running));
}

/*
 * The kernel tells nobody what became of a bit; where it is not set the page
 * could not be pinned, and EFAULT is what the kernel saw.
 */
static int pin(struct device *dev, const struct range *range)
{
	struct vhost_log *state = device_state(dev);
	uint64_t base = (uint64_t)(uintptr_t)range->addr;

	must(ioctl(state->fd, VHOST_SET_LOG_BASE, &base));
	for (size_t at = 0; at < range->len; at += STRIDE)
		memset((char *)range->addr + at, 0, PIECE);
	for (size_t at = 0; at < range->len; at += pattern_page_size()) {
		volatile char *log = (char *)range->addr + at;

		log_bit(state, at * 8);
		if (*log != 1)
			return -EFAULT;
		*log = 0;
	}
	return 0;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct vhost_log *state = device_state(dev);
	const unsigned char *bytes = data;

	for (size_t at = 0; at < range->len; at += STRIDE)
		for (size_t bit = at * 8; bit < (at + PIECE) * 8; bit++)
			if (bytes[bit / 8] & 1 << bit % 8)
				log_bit(state, bit);
	return 0;
}

static int unpin(struct device *dev)
{
	return 0;
}

static void close_vhost(struct device *dev)
{
	struct vhost_log *state = device_state(dev);

	if (state->fd > 0)
		close(state->fd);
	state->fd = 0;
	if (state->rings)
		munmap(state->rings, pattern_page_size());
	state->rings = NULL;
}

static const struct gup_call calls[] = {
	{
		.kernels = "*",
		.function = "set_bit_to_user(), drivers/vhost/vhost.c",
		.flags = "pin_user_pages_fast: FOLL_WRITE",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EFAULT,
		.kernels = "*",
		.cause =
			"the log does not cover the memory, or is not mapped: told when the ring is started",
		.mend = "make it one bit for each 4096 bytes of guest memory",
	},
	{
		.error = EPERM,
		.kernels = "*",
		.cause = "the device belongs to another process",
		.mend = "make the calls from the process that set the owner",
	},
	{0},
};

const struct mechanism mechanism_vhost_log = {
	.name = "vhost_log",
	.summary = "log of dirty pages that vhost keeps for a migration",
	.why = "QEMU hands vhost a log in shared memory; where that is a file, what was logged and synced has to be there after a crash",
	.require =
		"root & module:vhost_vsock@CONFIG_VHOST_VSOCK & device:/dev/vhost-vsock@CONFIG_VHOST_VSOCK",
	.traits = MECH_SHORT | MECH_WRITES | MECH_MOMENTARY | MECH_FAST_PATH,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.landing = {.length = PIECE, .stride = STRIDE},
	.state_size = sizeof(struct vhost_log),
	.open = open_vhost,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_vhost,
};
