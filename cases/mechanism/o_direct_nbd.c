/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An O_DIRECT read from a block device pins the memory that it reads into until
 * the device has answered. Here that is a network block device whose server is
 * a thread of ours. Its answer may come in pieces: the last page of the range
 * is the gate, and while its data is held back, the pages before it are written
 * and all of them stay pinned.
 *
 * A device that is set up by ioctl lives as long as the thread in NBD_DO_IT: a
 * signal that kills that one ends the connection, and with it every request.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/nbd.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <gupcheck/worker.h>

#define LIMIT_MS 10000
#define DEVICES_MAX 64
#define NBD_BLOCK_SIZE 4096
#define DEVICE_SIZE (128UL << 20)
/* where nobody looks for partitions or filesystems; everything else is zeroes
 */
#define HELD_OFFSET (37UL << 20)

/*
 * struct o_direct_nbd - the mechanism's memory
 * @fd: the device, to set it up; @reader_fd: to read from
 * @lock: protects @asked and @handle
 * @asked: the read at HELD_OFFSET has arrived
 * @original: what the range held when it was pinned
 * @sent: bytes of the answer so far
 */
struct o_direct_nbd {
	unsigned int number;
	int fd;
	int reader_fd;
	int socket;
	pthread_t connection;
	bool connected;
	pthread_t server;
	bool serving;
	pthread_mutex_t lock;
	bool asked;
	char handle[8];
	struct range range;
	char *original;
	size_t sent;
	pthread_t reader;
	bool reading;
	ssize_t result;
	int error;
};

static int receive_all(int fd, void *buf, size_t len)
{
	return recv(fd, buf, len, MSG_WAITALL) == (ssize_t)len ? 0 : -EPIPE;
}

static int send_all(int fd, const void *buf, size_t len)
{
	const char *at = buf;

	while (len) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0)
			return -errno;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int send_header(const struct o_direct_nbd *state, const char *handle,
		       unsigned int error)
{
	struct nbd_reply reply = {
		.magic = htonl(NBD_REPLY_MAGIC),
		.error = htonl(error),
	};

	memcpy(reply.handle, handle, sizeof(reply.handle));
	return send_all(state->socket, &reply, sizeof(reply));
}

static int answer_zeroes(struct o_direct_nbd *state,
			 const struct nbd_request *request)
{
	static const char zeroes[NBD_BLOCK_SIZE];
	size_t len = ntohl(request->len);
	int ret = send_header(state, request->handle, 0);

	while (!ret && len) {
		size_t piece = len < sizeof(zeroes) ? len : sizeof(zeroes);

		ret = send_all(state->socket, zeroes, piece);
		len -= piece;
	}
	return ret;
}

static int serve_request(struct o_direct_nbd *state,
			 const struct nbd_request *request)
{
	uint32_t type = ntohl(request->type) & 0xffff;

	if (type == NBD_CMD_DISC)
		return -ESHUTDOWN;
	if (type != NBD_CMD_READ)
		return send_header(state, request->handle, EPERM);
	if (be64toh(request->from) != HELD_OFFSET)
		return answer_zeroes(state, request);
	pthread_mutex_lock(&state->lock);
	state->asked = true;
	/* a read in pieces would leave the rest unpinned */
	if (ntohl(request->len) != state->range.len)
		worker_broken("the kernel asks for %u bytes of %zu at once",
			      ntohl(request->len), state->range.len);
	memcpy(state->handle, request->handle, sizeof(state->handle));
	pthread_mutex_unlock(&state->lock);
	return 0;
}

static void *serve(void *arg)
{
	struct o_direct_nbd *state = arg;
	struct nbd_request request;

	while (!receive_all(state->socket, &request, sizeof(request)))
		if (serve_request(state, &request))
			break;
	shutdown(state->socket, SHUT_RDWR);
	return NULL;
}

static void *connect_device(void *arg)
{
	struct o_direct_nbd *state = arg;

	ioctl(state->fd, NBD_DO_IT);
	return NULL;
}

/* The size is what is set last */
static bool is_ready(void *arg)
{
	struct o_direct_nbd *state = arg;
	uint64_t size;

	return !ioctl(state->fd, BLKGETSIZE64, &size) && size == DEVICE_SIZE;
}

/* 0, or -errno when the device is not there, or somebody else's */
static int take_device(struct o_direct_nbd *state, int socket)
{
	char path[64];
	int ret;

	snprintf(path, sizeof(path), "/sys/block/nbd%u/pid", state->number);
	if (!access(path, F_OK))
		return -EBUSY;
	snprintf(path, sizeof(path), "/dev/nbd%u", state->number);
	state->fd = open(path, O_RDWR | O_CLOEXEC);
	if (state->fd < 0)
		return -errno;
	if (!ioctl(state->fd, NBD_SET_SOCK, socket))
		return 0;
	ret = -errno;
	close(state->fd);
	state->fd = -1;
	return ret;
}

static void find_device(struct o_direct_nbd *state, int socket)
{
	int ret = -ENOENT;

	for (state->number = 0; state->number < DEVICES_MAX; state->number++) {
		ret = take_device(state, socket);
		if (ret != -EBUSY)
			break;
	}
	if (ret == -ENOENT || ret == -ENXIO || ret == -EBUSY)
		worker_skip("no network block device is free");
	must_zero(ret);
}

static int open_device(struct device *dev)
{
	struct o_direct_nbd *state = device_state(dev);
	char path[32];
	int ends[2];

	state->fd = state->reader_fd = -1;
	pthread_mutex_init(&state->lock, NULL);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	state->socket = ends[0];
	find_device(state, ends[1]);
	close(ends[1]);
	must(ioctl(state->fd, NBD_SET_BLKSIZE, NBD_BLOCK_SIZE));
	must(ioctl(state->fd, NBD_SET_SIZE, DEVICE_SIZE));
	must_thread(&state->server, serve, state);
	state->serving = true;
	must_thread(&state->connection, connect_device, state);
	state->connected = true;
	must_zero(worker_await(is_ready, state, "the block device", LIMIT_MS));
	snprintf(path, sizeof(path), "/dev/nbd%u", state->number);
	state->reader_fd =
		(int)must(open(path, O_RDONLY | O_DIRECT | O_CLOEXEC));
	return 0;
}

static void *read_device(void *arg)
{
	struct o_direct_nbd *state = arg;

	state->result = pread(state->reader_fd, state->range.addr,
			      state->range.len, HELD_OFFSET);
	state->error = state->result < 0 ? errno : 0;
	return NULL;
}

static bool has_request(void *arg)
{
	struct o_direct_nbd *state = arg;
	bool there;

	if (!pthread_tryjoin_np(state->reader, NULL)) {
		state->reading = false;
		return true;
	}
	pthread_mutex_lock(&state->lock);
	there = state->asked;
	pthread_mutex_unlock(&state->lock);
	return there;
}

static void forget_original(struct o_direct_nbd *state)
{
	if (state->original)
		munmap(state->original, state->range.len);
	state->original = NULL;
}

static int pin(struct device *dev, const struct range *range)
{
	struct o_direct_nbd *state = device_state(dev);
	int ret;

	state->range = *range;
	state->asked = false;
	state->sent = 0;
	state->original = must_alloc(range->len);
	memcpy(state->original, range->addr, range->len);
	must_thread(&state->reader, read_device, state);
	state->reading = true;
	ret = worker_await(has_request, state, "the read request", LIMIT_MS);
	if (!ret && !state->reading)
		ret = state->error ? -state->error : -EIO;
	if (ret)
		forget_original(state);
	return ret;
}

static bool is_received(void *arg)
{
	struct o_direct_nbd *state = arg;
	int unread = -1;

	return ioctl(state->socket, SIOCOUTQ, &unread) < 0 || !unread;
}

/* The answer, from where it stands, up to byte @end */
static int answer(struct o_direct_nbd *state, const char *data, size_t end)
{
	int ret = state->sent ? 0 : send_header(state, state->handle, 0);

	if (!ret)
		ret = send_all(state->socket, data + state->sent,
			       end - state->sent);
	state->sent = end;
	return ret;
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct o_direct_nbd *state = device_state(dev);
	int ret = answer(state, data, range->len - pattern_page_size());

	if (ret)
		return ret;
	/* what is no longer in the socket has been copied into the pages */
	return worker_await(is_received, state, "the kernel to take the data",
			    LIMIT_MS);
}

static int unpin(struct device *dev)
{
	struct o_direct_nbd *state = device_state(dev);
	int ret = 0;

	if (state->reading)
		ret = answer(state, state->original, state->range.len);
	if (state->reading && !ret)
		must_zero(-pthread_join(state->reader, NULL));
	state->reading = state->reading && ret;
	forget_original(state);
	if (ret || state->error)
		return ret ? ret : -state->error;
	return state->result == (ssize_t)state->range.len ? 0 : -EIO;
}

static void close_device(struct device *dev)
{
	struct o_direct_nbd *state = device_state(dev);

	if (!state->socket)
		return;
	if (state->connected)
		ioctl(state->fd, NBD_DISCONNECT);
	/* had it not been asked politely */
	shutdown(state->socket, SHUT_RDWR);
	if (state->connected)
		pthread_join(state->connection, NULL);
	if (state->serving)
		pthread_join(state->server, NULL);
	if (state->reading)
		pthread_join(state->reader, NULL);
	if (state->fd >= 0)
		ioctl(state->fd, NBD_CLEAR_SOCK);
	if (state->reader_fd >= 0)
		close(state->reader_fd);
	if (state->fd >= 0)
		close(state->fd);
	close(state->socket);
	forget_original(state);
}

static const struct gup_call calls[] = {
	{
		.kernels = ">=6.5",
		.function =
			"blkdev_direct_IO(), block/fops.c, bio_iov_iter_get_pages(), block/bio.c",
		.flags = "iov_iter_extract_pages: FOLL_WRITE | FOLL_PIN",
	},
	{
		.kernels = "5.10..6.4",
		.function =
			"blkdev_direct_IO(), block/fops.c (fs/block_dev.c before), bio_iov_iter_get_pages(), block/bio.c",
		.flags = "iov_iter_get_pages: FOLL_WRITE | FOLL_GET",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"address, offset or length is not aligned as the file needs it for O_DIRECT",
		.mend = "align them to the logical block size, see open(2), O_DIRECT",
	},
	{0},
};

const struct mechanism mechanism_o_direct_nbd = {
	.name = "o_direct_nbd",
	.summary = "O_DIRECT read from a network block device of our own",
	.why = "a program that reads a disk straight into a mapping of a file; a server that hesitates holds the pin, and after part of its answer the pages are written and still pinned",
	.require =
		"root & module:nbd@CONFIG_BLK_DEV_NBD & device:/dev/nbd0@CONFIG_BLK_DEV_NBD",
	.traits = MECH_SHORT | MECH_HELD | MECH_WRITES | MECH_WRITES_HELD,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.landing = {.spare_pages = 1},
	.state_size = sizeof(struct o_direct_nbd),
	.open = open_device,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_device,
};
