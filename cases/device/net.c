/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network devices for mechanisms, see <gupcheck/net.h>. Spoken to the kernel
 * through libnl's core alone: its error callback keeps the kernel's errno,
 * which the library's own codes do not.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <rdma/rdma_netlink.h>
#include <gupcheck/net.h>

#define SLOTS 32
#define RDMA_NAMES 64

static int keep_errno(struct sockaddr_nl *sender, struct nlmsgerr *reply,
		      void *arg)
{
	int *error = arg;

	(void)sender;
	*error = reply->error;
	return NL_STOP;
}

static int request_send(struct nl_sock *sock, int protocol, struct nl_msg *msg)
{
	int error = 0;

	if (nl_connect(sock, protocol) < 0) {
		error = errno ? -errno : -ENOTCONN;
		nlmsg_free(msg);
		return error;
	}
	nl_socket_modify_err_cb(sock, NL_CB_CUSTOM, keep_errno, &error);
	/* frees the message in every case */
	if (nl_send_sync(sock, msg) < 0)
		return error ? error : -EPROTO;
	return 0;
}

/* Takes @msg over; @complete tells whether everything fitted into it. */
static int request(int protocol, struct nl_msg *msg, bool complete)
{
	struct nl_sock *sock;
	int ret;

	if (!complete) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	sock = nl_socket_alloc();
	if (!sock) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	ret = request_send(sock, protocol, msg);
	nl_socket_free(sock);
	return ret;
}

static bool put_link_name(struct nl_msg *msg, const char *name,
			  unsigned int mtu)
{
	struct ifinfomsg info = {.ifi_family = AF_UNSPEC};

	return !nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO) &&
	       !nla_put_string(msg, IFLA_IFNAME, name) &&
	       !nla_put_u32(msg, IFLA_MTU, mtu);
}

static bool put_peer(struct nl_msg *msg, const char *name, unsigned int mtu)
{
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO);
	struct nlattr *data, *peer;

	if (!info || nla_put_string(msg, IFLA_INFO_KIND, "veth"))
		return false;
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	if (!data)
		return false;
	peer = nla_nest_start(msg, VETH_INFO_PEER);
	if (!peer || !put_link_name(msg, name, mtu))
		return false;
	nla_nest_end(msg, peer);
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return true;
}

static int veth_add(const struct net_pair *pair, unsigned int mtu)
{
	struct nl_msg *msg;
	bool complete;

	msg = nlmsg_alloc_simple(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	if (!msg)
		return -ENOMEM;
	complete = put_link_name(msg, pair->near, mtu) &&
		   put_peer(msg, pair->far, mtu);
	return request(NETLINK_ROUTE, msg, complete);
}

static int link_request(int type, const char *name, unsigned int flags)
{
	struct ifinfomsg info = {.ifi_family = AF_UNSPEC,
				 .ifi_flags = flags,
				 .ifi_change = flags};
	struct nl_msg *msg;

	info.ifi_index = (int)if_nametoindex(name);
	if (!info.ifi_index)
		return -ENODEV;
	msg = nlmsg_alloc_simple(type, 0);
	if (!msg)
		return -ENOMEM;
	return request(NETLINK_ROUTE, msg,
		       !nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO));
}

int net_link_up(const char *name)
{
	return link_request(RTM_NEWLINK, name, IFF_UP);
}

int net_address_add(const char *name, struct in_addr address)
{
	struct ifaddrmsg info = {.ifa_family = AF_INET, .ifa_prefixlen = 32};
	struct nl_msg *msg;
	bool complete;

	info.ifa_index = if_nametoindex(name);
	if (!info.ifa_index)
		return -ENODEV;
	msg = nlmsg_alloc_simple(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	if (!msg)
		return -ENOMEM;
	complete = !nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO) &&
		   !nla_put(msg, IFA_LOCAL, sizeof(address), &address) &&
		   !nla_put(msg, IFA_ADDRESS, sizeof(address), &address);
	return request(NETLINK_ROUTE, msg, complete);
}

/* Before the device is up: neighbour discovery starts right then. */
static int ipv6_off(const char *name)
{
	char path[96];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6",
		 name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno; /* kernel without IPv6 */
	if (write(fd, "1", 1) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int link_start(const char *name)
{
	int ret = ipv6_off(name);

	return ret ? ret : net_link_up(name);
}

/*
 * An abstract socket name belongs to the network namespace and dies with its
 * process, exactly as long-lived as "these devices are in use" has to be.
 */
static int slot_lock(unsigned int slot)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd, len, ret;

	len = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1,
		       NET_PREFIX "/net/%u", slot);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	ret = bind(fd, (struct sockaddr *)&name,
		   (socklen_t)offsetof(struct sockaddr_un, sun_path) + 1 +
			   (socklen_t)len);
	if (!ret)
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

static void name_slot(struct net_pair *pair, unsigned int slot)
{
	pair->slot = slot;
	snprintf(pair->near, sizeof(pair->near), NET_PREFIX "%ua", slot);
	snprintf(pair->far, sizeof(pair->far), NET_PREFIX "%ub", slot);
}

/*
 * Take the first free slot. All others that nobody holds are visited as well:
 * what a killed worker left behind is removed wherever it is.
 */
static int take_slot(struct net_pair *ret)
{
	struct net_pair other;
	unsigned int slot;

	for (slot = 0; slot < SLOTS; slot++) {
		int lock = slot_lock(slot);

		if (lock == -EADDRINUSE)
			continue;
		if (lock < 0)
			return lock;
		name_slot(&other, slot);
		link_request(RTM_DELLINK, other.near, 0);
		if (ret->lock < 0) {
			name_slot(ret, slot);
			ret->lock = lock;
		} else {
			close(lock);
		}
	}
	return ret->lock < 0 ? -EBUSY : 0;
}

int net_pair_open(struct net_pair *ret, unsigned int mtu)
{
	int err;

	memset(ret, 0, sizeof(*ret));
	ret->lock = -1;
	err = take_slot(ret);
	if (!err)
		err = veth_add(ret, mtu);
	if (!err)
		err = link_start(ret->near);
	if (!err)
		err = link_start(ret->far);
	return err;
}

void net_pair_close(struct net_pair *pair)
{
	if (pair->lock < 0)
		return;
	/* one end takes the other along */
	link_request(RTM_DELLINK, pair->near, 0);
	close(pair->lock);
	pair->lock = -1;
}

static int rdma_newlink(const char *name, const char *type, const char *link)
{
	int command = RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, RDMA_NLDEV_CMD_NEWLINK);
	struct nl_msg *msg = nlmsg_alloc_simple(command, 0);
	bool complete;

	if (!msg)
		return -ENOMEM;
	complete = !nla_put_string(msg, RDMA_NLDEV_ATTR_DEV_NAME, name) &&
		   !nla_put_string(msg, RDMA_NLDEV_ATTR_LINK_TYPE, type) &&
		   !nla_put_string(msg, RDMA_NLDEV_ATTR_NDEV_NAME, link);
	return request(NETLINK_RDMA, msg, complete);
}

/*
 * Names of RDMA devices are shared by all network namespaces, so the process
 * makes them unique. One that is in use all the same gives ENFILE, not EEXIST,
 * and a line in the kernel's log.
 */
int net_rdma_add(char *ret_name, size_t size, const char *type,
		 const char *link)
{
	char name[IF_NAMESIZE];
	unsigned int i;

	for (i = 0; i < RDMA_NAMES; i++) {
		int ret;

		snprintf(name, sizeof(name), NET_PREFIX "%u",
			 ((unsigned int)getpid() + i) % 10000000);
		ret = rdma_newlink(name, type, link);
		if (ret == -ENFILE)
			continue;
		if (!ret)
			snprintf(ret_name, size, "%s", name);
		return ret;
	}
	return -EBUSY;
}

int net_rdma_delete(uint32_t index)
{
	int command = RDMA_NL_GET_TYPE(RDMA_NL_NLDEV, RDMA_NLDEV_CMD_DELLINK);
	struct nl_msg *msg = nlmsg_alloc_simple(command, 0);

	if (!msg)
		return -ENOMEM;
	return request(NETLINK_RDMA, msg,
		       !nla_put_u32(msg, RDMA_NLDEV_ATTR_DEV_INDEX, index));
}
