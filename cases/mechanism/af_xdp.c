/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AF_XDP: a network card, or here one end of a virtual cable, puts the frames
 * that it receives straight into memory of a user program.
 *
 * The program registers its packet memory once (XDP_UMEM_REG), which pins it
 * for writing until the last socket on it is gone. Before Linux 6.5 a shared
 * mapping of a file was accepted; then every received frame is a write that the
 * filesystem never hears of. Since then such memory is refused with EFAULT.
 *
 * The device write: frames are sent into one end of the cable, a small XDP
 * program at the other end hands them to the socket, and the kernel copies each
 * into the chunk that we put on the fill ring. In copy mode a frame begins
 * XDP_PACKET_HEADROOM (256) bytes into its chunk. Its Ethernet header may be
 * anything, since the program runs before the network stack looks at it.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <gupcheck/net.h>
#include <gupcheck/worker.h>
#include <gupcheck/xdp.h>

#define CHUNK 4096
#define HEADROOM 256
#define FRAME 1024
#define RING 16
#define MTU 4096
#define FRAME_LIMIT_MS 200
#define FRAME_SENDS 50
#define RELEASE_LIMIT_MS 20000

/*
 * First of 2^28 user numbers that nobody hands out: above the ranges of
 * containers, below the sign bit. See struct registration.
 */
#define STRANGER_UID 0x70000000u

/* struct ring - one queue between us and the kernel, in shared memory */
struct ring {
	void *map;
	size_t len;
	uint32_t *producer;
	uint32_t *consumer;
	void *entries;
};

/*
 * struct xdp_state - the mechanism's memory
 * @sender: packet socket on the near end
 * @socket: AF_XDP socket on the far end; the pin
 * @pinned: pages that it has pinned
 * @forbidden: memory that nobody can pin
 */
struct xdp_state {
	bool opened;
	struct net_pair pair;
	int sender;
	struct xdp_redirect redirect;
	int socket;
	struct ring fill;
	struct ring received;
	size_t pinned;
	void *forbidden;
};

/*
 * struct registration - XDP_UMEM_REG, done by a thread of a user of its own
 *
 * The kernel lets go of the memory from a work item, some time after the last
 * close, and no call waits for it. What can be seen is the locked memory that
 * is charged to the registering user: it is given back right after the pages
 * are unpinned. Root is not charged, and a user with other processes would blur
 * the sum; hence a user that exists nowhere else.
 */
struct registration {
	int socket;
	uid_t user;
	struct xdp_umem_reg memory;
	int error;
};

/* Protocol 0: this socket sends only. */
static int sender_new(const char *name)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET};
	int fd;

	address.sll_ifindex = (int)if_nametoindex(name);
	fd = must(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
	must(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	return fd;
}

/* A process without CAP_SYS_RESOURCE cannot go beyond its hard limit. */
static bool limit_locked_memory(rlim_t bytes)
{
	struct rlimit limit;

	must(getrlimit(RLIMIT_MEMLOCK, &limit));
	limit.rlim_cur = bytes;
	if (bytes <= limit.rlim_max)
		return must(setrlimit(RLIMIT_MEMLOCK, &limit)) == 0;
	limit.rlim_max = bytes;
	if (!setrlimit(RLIMIT_MEMLOCK, &limit))
		return true;
	must(getrlimit(RLIMIT_MEMLOCK, &limit));
	limit.rlim_cur = limit.rlim_max;
	must(setrlimit(RLIMIT_MEMLOCK, &limit));
	return false;
}

static int af_xdp_open(struct device *dev)
{
	struct xdp_state *state = device_state(dev);

	state->opened = true;
	state->pair.lock = -1;
	state->sender = -1;
	xdp_redirect_init(&state->redirect);
	state->socket = -1;
	/* before 5.11 maps and programs count as locked memory */
	limit_locked_memory(RLIM_INFINITY);
	must_zero(net_pair_open(&state->pair, MTU));
	state->sender = sender_new(state->pair.near);
	must_zero(xdp_redirect_open(&state->redirect, state->pair.far, FRAME));
	state->forbidden = must_alloc(CHUNK);
	must(mprotect(state->forbidden, CHUNK, PROT_NONE));
	return 0;
}

/* The raw call changes this thread only, the library's all of them. */
static void *registration_run(void *arg)
{
	struct registration *this = arg;

	must(syscall(SYS_setresuid, this->user, this->user, this->user));
	if (setsockopt(this->socket, SOL_XDP, XDP_UMEM_REG, &this->memory,
		       sizeof(this->memory)))
		this->error = -errno;
	return NULL;
}

/* @limit_pages: what the user may have locked, this registration included */
static int umem_register(struct xdp_state *state, int socket, void *addr,
			 size_t len, size_t limit_pages)
{
	struct registration this = {
		.socket = socket,
		.user = STRANGER_UID + ((uid_t)getpid() << 5) +
			state->pair.slot,
		.memory = {.addr = (uintptr_t)addr,
			   .len = len,
			   .chunk_size = CHUNK},
	};
	long dumpable = must(prctl(PR_GET_DUMPABLE));
	pthread_t thread;

	if (!limit_locked_memory(limit_pages * (rlim_t)sysconf(_SC_PAGESIZE)))
		worker_skip("RLIMIT_MEMLOCK cannot be raised to %zu pages",
			    limit_pages);
	must_thread(&thread, registration_run, &this);
	must_zero(-pthread_join(thread, NULL));
	limit_locked_memory(RLIM_INFINITY);
	/* a change of user takes this away from the whole process */
	if (dumpable == 1)
		must(prctl(PR_SET_DUMPABLE, 1));
	return this.error;
}

/*
 * Registers memory that cannot be pinned. The charge comes before the pin: as
 * long as ours uses up the limit the answer is ENOBUFS, afterwards EFAULT.
 * Nothing is pinned or left behind either way.
 */
static bool memory_released(void *arg)
{
	struct xdp_state *state = arg;
	int ret, fd;

	fd = must(socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
	ret = umem_register(state, fd, state->forbidden, CHUNK, state->pinned);
	close(fd);
	if (ret == -EFAULT)
		return true;
	if (ret != -ENOBUFS)
		worker_broken("XDP_UMEM_REG of unusable memory: %s",
			      ret ? strerror(-ret) : "accepted");
	return false;
}

static void ring_map(struct ring *ring, int fd, off_t page_offset,
		     const struct xdp_ring_offset *at, size_t entry_size)
{
	char *map;

	ring->len = at->desc + RING * entry_size;
	map = mmap(NULL, ring->len, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_POPULATE, fd, page_offset);
	if (map == MAP_FAILED)
		worker_broken("mmap of an AF_XDP ring: %s", strerror(errno));
	ring->map = map;
	ring->producer = (uint32_t *)(map + at->producer);
	ring->consumer = (uint32_t *)(map + at->consumer);
	ring->entries = map + at->desc;
}

static void ring_unmap(struct ring *ring)
{
	if (ring->map)
		munmap(ring->map, ring->len);
	ring->map = NULL;
}

static void rings_new(struct xdp_state *state)
{
	struct xdp_mmap_offsets at;
	socklen_t len = sizeof(at);
	int fd = state->socket, size = RING;

	must(setsockopt(fd, SOL_XDP, XDP_UMEM_FILL_RING, &size, sizeof(size)));
	must(setsockopt(fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &size,
			sizeof(size)));
	must(setsockopt(fd, SOL_XDP, XDP_RX_RING, &size, sizeof(size)));
	must(getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &len));
	if (len != sizeof(at))
		worker_broken("XDP_MMAP_OFFSETS: %u bytes", len);
	ring_map(&state->fill, fd, XDP_UMEM_PGOFF_FILL_RING, &at.fr,
		 sizeof(uint64_t));
	ring_map(&state->received, fd, XDP_PGOFF_RX_RING, &at.rx,
		 sizeof(struct xdp_desc));
}

static void receive(struct xdp_state *state)
{
	struct sockaddr_xdp address = {.sxdp_family = AF_XDP,
				       .sxdp_flags = XDP_COPY};

	address.sxdp_ifindex = if_nametoindex(state->pair.far);
	must(bind(state->socket, (struct sockaddr *)&address, sizeof(address)));
	must_zero(xdp_redirect_to(&state->redirect, state->socket));
}

/* A mapped ring keeps its socket, and that the memory. */
static void socket_close(struct xdp_state *state)
{
	ring_unmap(&state->fill);
	ring_unmap(&state->received);
	if (state->socket >= 0)
		close(state->socket);
	state->socket = -1;
}

static int af_xdp_pin(struct device *dev, const struct range *range)
{
	struct xdp_state *state = device_state(dev);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int ret;

	state->socket = must(socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
	state->pinned = range->len / page;
	ret = umem_register(state, state->socket, range->addr, range->len,
			    state->pinned);
	if (ret) {
		socket_close(state);
		return ret;
	}
	if (memory_released(state))
		worker_broken("pinned memory is not charged to its user");
	rings_new(state);
	receive(state);
	return 0;
}

static bool frame_received(void *arg)
{
	struct xdp_state *state = arg;
	struct pollfd poller = {.fd = state->socket, .events = POLLIN};

	must(poll(&poller, 1, 1));
	return __atomic_load_n(state->received.producer, __ATOMIC_ACQUIRE) !=
	       *state->received.consumer;
}

/*
 * The cable is new: a frame that is sent before its queues are set up is lost
 * without a word, so it is sent again.
 */
static int send_frame(struct xdp_state *state, const char *frame)
{
	int ret = -ETIMEDOUT;

	for (int i = 0; ret && i < FRAME_SENDS; i++) {
		if (must(send(state->sender, frame, FRAME, 0)) != FRAME)
			worker_broken("AF_PACKET: frame sent in part");
		ret = worker_await(frame_received, state,
				   "a frame on the AF_XDP socket",
				   FRAME_LIMIT_MS);
	}
	return ret;
}

/* One frame at a time: the kernel has one chunk only that it can take. */
static int write_chunk(struct xdp_state *state, uint64_t chunk,
		       const char *frame)
{
	uint64_t *offered = state->fill.entries;
	const struct xdp_desc *taken = state->received.entries;
	uint32_t at = *state->fill.producer;
	int ret;

	offered[at % RING] = chunk;
	__atomic_store_n(state->fill.producer, at + 1, __ATOMIC_RELEASE);
	ret = send_frame(state, frame);
	if (ret)
		return ret;
	at = *state->received.consumer;
	taken += at % RING;
	if (taken->addr != chunk + HEADROOM || taken->len != FRAME)
		worker_broken(
			"AF_XDP: frame of %u bytes at %llu, not %u at %llu",
			taken->len, (unsigned long long)taken->addr, FRAME,
			(unsigned long long)chunk + HEADROOM);
	__atomic_store_n(state->received.consumer, at + 1, __ATOMIC_RELEASE);
	return 0;
}

static int af_xdp_device_write(struct device *dev, const struct range *range,
			       const void *data)
{
	struct xdp_state *state = device_state(dev);
	const char *bytes = data;
	size_t chunk;

	for (chunk = 0; chunk < range->len; chunk += CHUNK) {
		int ret = write_chunk(state, chunk, bytes + chunk + HEADROOM);
		if (ret)
			return ret;
	}
	return 0;
}

static int af_xdp_unpin(struct device *dev)
{
	struct xdp_state *state = device_state(dev);

	/* this takes the socket out of the map, too */
	socket_close(state);
	return worker_await(memory_released, state, "release of AF_XDP memory",
			    RELEASE_LIMIT_MS);
}

static void af_xdp_close(struct device *dev)
{
	struct xdp_state *state = device_state(dev);

	if (!state->opened)
		return;
	socket_close(state);
	xdp_redirect_close(&state->redirect);
	if (state->sender >= 0)
		close(state->sender);
	net_pair_close(&state->pair);
	if (state->forbidden)
		munmap(state->forbidden, CHUNK);
	state->opened = false;
}

static const int refusals[] = {EFAULT, 0};

/* what fewer pinned pages than asked for are called */
static const int partial_refusals[] = {ENOMEM, 0};

static const struct pin_errno errnos[] = {
	{
		.error = ENOMEM,
		.kernels = "*",
		.cause =
			"only a first part of the memory could be pinned: what would be EFAULT on its first page is ENOMEM on a later one",
		.mend = "look for the causes of EFAULT behind the first page",
	},
	{
		.error = ENOBUFS,
		.kernels = "*",
		.cause =
			"the packet memory of this user goes over RLIMIT_MEMLOCK",
		.mend = "raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=), or give CAP_IPC_LOCK",
	},
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"the address is not aligned to a page, or chunk size, headroom and length do not fit together",
		.mend = "see XDP_UMEM_REG in Documentation/networking/af_xdp.rst",
	},
	{0},
};

static const struct gup_call calls[] = {
	{"*", "xdp_umem_pin_pages, net/xdp/xdp_umem.c",
	 "FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE"},
	{0},
};

const struct mechanism mechanism_af_xdp = {
	.name = "af_xdp",
	.summary = "packet memory of an AF_XDP socket",
	.why = "Packet processing in user space (DPDK, Suricata, software "
	       "routers) lets the network card write into memory that the "
	       "program chose, for as long as it runs. Where that memory is a "
	       "shared file mapping, to look into it from outside or to keep "
	       "it over a restart, every frame arrives behind the filesystem's "
	       "back: after a writeback it is in memory and never on disk.",
	.require = "root & socket:xdp@CONFIG_XDP_SOCKETS & "
		   "socket:packet@CONFIG_PACKET & module:veth@CONFIG_VETH",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD,
	.calls = calls,
	.refusals = refusals,
	.partial_refusals = partial_refusals,
	.errnos = errnos,
	.landing = {.offset = HEADROOM, .length = FRAME, .stride = CHUNK},
	.state_size = sizeof(struct xdp_state),
	.open = af_xdp_open,
	.pin = af_xdp_pin,
	.device_write = af_xdp_device_write,
	.unpin = af_xdp_unpin,
	.close = af_xdp_close,
};
