/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MSG_ZEROCOPY sends the pages themselves: they are held until the peer has
 * acknowledged them. Ours is a socket of this process that does not read: its
 * window is closed by other data, the pages wait behind that in the sender's
 * queue. Nothing is written through such a pin: it must be accepted everywhere,
 * and what is stored meanwhile must get to the disk.
 */
#include <errno.h>
#include <time.h>
#include <linux/errqueue.h>
#include <linux/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <gupcheck/worker.h>

#define ACK_LIMIT_MS 10000
#define RECEIVE_BUFFER (64 << 10)
/* more than the peer ever takes unread */
#define PLUG_SIZE (1 << 20)
#define SEND_BUFFER (128 << 20)

struct msg_zerocopy {
	int sender, peer; /* 0: none */
	unsigned int sends, acknowledged; /* with MSG_ZEROCOPY */
	size_t waiting; /* bytes of the pinned range in the queue */
};

/* A network namespace of our own begins with a loopback that is down */
static void raise_loopback(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = (int)must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	must(ioctl(fd, SIOCGIFFLAGS, &request));
	if (!(request.ifr_flags & IFF_UP)) {
		request.ifr_flags |= IFF_UP;
		must(ioctl(fd, SIOCSIFFLAGS, &request));
	}
	close(fd);
}

static void set_number(int fd, int option, int value)
{
	must(setsockopt(fd, SOL_SOCKET, option, &value, sizeof(value)));
}

static void connect_peer(struct msg_zerocopy *state)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);
	int type = SOCK_STREAM | SOCK_CLOEXEC;
	int listener = (int)must(socket(AF_INET, type, 0));

	set_number(listener, SO_RCVBUF, RECEIVE_BUFFER);
	must(bind(listener, (struct sockaddr *)&address, len));
	must(listen(listener, 1));
	must(getsockname(listener, (struct sockaddr *)&address, &len));
	state->sender = (int)must(socket(AF_INET, type, 0));
	set_number(state->sender, SO_ZEROCOPY, 1);
	set_number(state->sender, SO_SNDBUFFORCE, SEND_BUFFER);
	must(connect(state->sender, (struct sockaddr *)&address, len));
	state->peer = (int)must(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	close(listener);
}

static void plug(struct msg_zerocopy *state)
{
	char *data = must_alloc(PLUG_SIZE);
	long sent = must(send(state->sender, data, PLUG_SIZE, MSG_DONTWAIT));

	if (sent != PLUG_SIZE)
		worker_broken("%ld bytes of %d fit in the socket", sent,
			      PLUG_SIZE);
	munmap(data, PLUG_SIZE);
}

static int enqueue(struct msg_zerocopy *state, const char *data, size_t len)
{
	while (state->waiting < len) {
		ssize_t sent =
			send(state->sender, data + state->waiting,
			     len - state->waiting, MSG_ZEROCOPY | MSG_DONTWAIT);

		if (sent < 0)
			return -errno;
		state->sends++;
		state->waiting += (size_t)sent;
	}
	return 0;
}

/* The socket reports the numbers of the sends whose pages it let go of */
static bool is_acknowledged(void *arg)
{
	struct msg_zerocopy *state = arg;
	char control[256];
	struct msghdr message = {
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct sock_extended_err report;
	struct cmsghdr *header;

	while (recvmsg(state->sender, &message, MSG_ERRQUEUE | MSG_DONTWAIT) >=
	       0) {
		header = CMSG_FIRSTHDR(&message);
		if (header) {
			memcpy(&report, CMSG_DATA(header), sizeof(report));
			if (report.ee_origin == SO_EE_ORIGIN_ZEROCOPY)
				state->acknowledged +=
					report.ee_data - report.ee_info + 1;
		}
		message.msg_controllen = sizeof(control);
	}
	return state->acknowledged == state->sends;
}

static void receive(struct msg_zerocopy *state, char *buf, size_t len)
{
	for (size_t done = 0; done < len;) {
		long n = must(recv(state->peer, buf + done, len - done, 0));

		if (!n)
			worker_broken("the connection ended");
		done += (size_t)n;
	}
}

/* @buf: receives the range; NULL: nobody wants it */
static int drain(struct msg_zerocopy *state, char *buf)
{
	size_t len = state->waiting;
	size_t size = len > PLUG_SIZE ? len : PLUG_SIZE;
	char *data = must_alloc(size);

	receive(state, data, PLUG_SIZE);
	receive(state, data, len);
	if (buf)
		memcpy(buf, data, len);
	munmap(data, size);
	state->waiting = 0;
	return worker_await(is_acknowledged, state, "the socket's release",
			    ACK_LIMIT_MS);
}

static int hold(struct msg_zerocopy *state, const void *data, size_t len)
{
	int ret;

	plug(state);
	ret = enqueue(state, data, len);
	if (ret)
		drain(state, NULL);
	return ret;
}

/* Where the kernel copies instead, what is sent is not what is stored later */
static void check_hold(struct msg_zerocopy *state)
{
	size_t page = pattern_page_size();
	char *data = must_alloc(page), *seen = must_alloc(page);

	must_zero(hold(state, data, page));
	memset(data, 1, page);
	must_zero(drain(state, seen));
	if (memcmp(data, seen, page) != 0)
		worker_skip("the kernel copies what is sent with MSG_ZEROCOPY");
	munmap(data, page);
	munmap(seen, page);
}

static int open_sockets(struct device *dev)
{
	struct msg_zerocopy *state = device_state(dev);

	raise_loopback();
	connect_peer(state);
	check_hold(state);
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	return hold(device_state(dev), range->addr, range->len);
}

/* What was sent cannot be seen again: the next send follows */
static int device_read(struct device *dev, const struct range *range, void *buf)
{
	struct msg_zerocopy *state = device_state(dev);
	int ret = drain(state, buf);

	return ret ? ret : hold(state, range->addr, range->len);
}

static int unpin(struct device *dev)
{
	struct msg_zerocopy *state = device_state(dev);

	return state->waiting ? drain(state, NULL) : 0;
}

static void close_sockets(struct device *dev)
{
	struct msg_zerocopy *state = device_state(dev);

	if (state->sender > 0)
		close(state->sender);
	if (state->peer > 0)
		close(state->peer);
	state->sender = state->peer = 0;
}

static const struct gup_call calls[] = {
	{
		.kernels = "*",
		.function = "__zerocopy_sg_from_iter(), net/core/datagram.c",
		.flags = "iov_iter_get_pages: FOLL_GET, no FOLL_WRITE",
	},
	{0},
};

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = ENOBUFS,
		.kernels = "*",
		.cause =
			"too many sends wait for their release (net.core.optmem_max), or the pages go over RLIMIT_MEMLOCK",
		.mend = "read the error queue (MSG_ERRQUEUE), or raise the limit",
	},
	{0},
};

const struct mechanism mechanism_msg_zerocopy = {
	.name = "msg_zerocopy",
	.summary =
		"pages sent with MSG_ZEROCOPY, held by a peer that does not read",
	.why = "servers send mapped files so, and a slow client holds the pages for as long as it likes; a pin that only reads must neither be refused nor change anything",
	.require = "root & socket:inet@CONFIG_INET",
	.traits = MECH_SHORT | MECH_HELD | MECH_READS_ONLY | MECH_WRITES_HELD,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct msg_zerocopy),
	.open = open_sockets,
	.pin = pin,
	.device_read = device_read,
	.unpin = unpin,
	.close = close_sockets,
};
