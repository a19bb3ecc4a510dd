/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_RDMA_H
#define GUPCHECK_RDMA_H

/*
 * A software RDMA device (rxe, RDMA over Ethernet) of our own, and operations
 * on it: for mechanisms that need RDMA. Works with and without
 * RDMA_STATIC_PROVIDERS, the way to link libibverbs statically.
 *
 * The other software device of the kernel, siw, is no substitute: a queue pair
 * of it is connected by a connection manager only, and never to itself.
 */

#include <net/if.h>
#include <stdint.h>
#include <gupcheck/net.h>

struct ibv_context;
struct ibv_cq;
struct ibv_mr;
struct ibv_pd;

/**
 * struct rdma_device - the device, opened
 * @pair: network devices below
 * @address: IPv4 address of the near one; from the range that is reserved for
 *	documentation, so no network of the machine has it
 * @name: of the RDMA device; empty while there is none
 * @index: its number in RDMA netlink
 * @context: libibverbs' handle
 * @domain: protection domain, to register memory in
 * @completions: completion queue
 * @gid_index: place of @address in the device's address table
 * @mtu: enum ibv_mtu
 * @trouble: what failed, in words, when a function has returned -errno; static
 */
struct rdma_device {
	struct net_pair pair;
	struct in_addr address;
	char name[IF_NAMESIZE];
	int index;
	struct ibv_context *context;
	struct ibv_pd *domain;
	struct ibv_cq *completions;
	uint8_t gid_index;
	int mtu;
	const char *trouble;
};

/** RDMA_ACCESS - access flags of a region that the peer reads and writes */
#define RDMA_ACCESS                                         \
	(IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE | \
	 IBV_ACCESS_REMOTE_READ)

/**
 * rdma_device_open() - make a device in the thread's network namespace
 * @ret: filled in; to be handed to rdma_device_close() whatever the result is
 *
 * Data is moved once before it is called good: on kernels whose rxe knows the
 * initial network namespace only, nothing fails before the first packet.
 * Return: 0, or -errno and @ret->trouble.
 */
int rdma_device_open(struct rdma_device *ret);

/** rdma_device_close() - regions must be deregistered before */
void rdma_device_close(struct rdma_device *device);

/**
 * rdma_write() - RDMA WRITE, from a peer that is ourselves
 * @region: registered with RDMA_ACCESS; all of it is written
 * @data: as long as @region
 * Return: 0 once the completion was seen, or -errno and @device->trouble.
 */
int rdma_write(struct rdma_device *device, struct ibv_mr *region,
	       const void *data);

/**
 * rdma_read() - RDMA READ, by a peer that is ourselves
 * @region: registered with RDMA_ACCESS; all of it is read
 * @buf: as long as @region
 * Return: 0 or -errno and @device->trouble.
 */
int rdma_read(struct rdma_device *device, struct ibv_mr *region, void *buf);

#endif
