/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_NET_H
#define GUPCHECK_NET_H

/*
 * Network devices for mechanisms that need one: a pair of virtual Ethernet
 * devices, and a software RDMA device on top of one of them.
 *
 * Everything is made in the network namespace that the calling thread is in,
 * under names that begin with NET_PREFIX. In a namespace of the cell's own it
 * goes away with the cell. Where it had to be made in the machine's namespace
 * and the worker was killed, the next net_pair_open() there removes it.
 */

#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define NET_PREFIX "gupcheck"

/**
 * struct net_pair - two Ethernet devices wired to each other
 * @lock: socket whose name marks the devices as being in use, or -1; the kernel
 *	drops the mark with the process, however that ends
 * @slot: number that makes the names unique in this namespace
 * @near: name of one end
 * @far: name of the other end
 */
struct net_pair {
	int lock;
	unsigned int slot;
	char near[IF_NAMESIZE];
	char far[IF_NAMESIZE];
};

/**
 * net_pair_open() - make a pair of devices that stay silent by themselves
 * @ret: filled in; to be handed to net_pair_close() whatever the result is
 * @mtu: of both ends, in bytes
 *
 * IPv6 is switched off on both ends, so that nothing but the caller's frames
 * is on the wire. Both ends are up afterwards.
 * Return: 0; -EBUSY when all names are in use; or the kernel's -errno.
 */
int net_pair_open(struct net_pair *ret, unsigned int mtu);

/**
 * net_pair_close() - remove the devices and all that sits on them
 * @pair: as net_pair_open() left it
 */
void net_pair_close(struct net_pair *pair);

/** net_link_up() - set device @name up; 0 or -errno */
int net_link_up(const char *name);

/**
 * net_address_add() - give device @name an IPv4 address of its own
 * @name: device
 * @address: the address; its prefix is /32, so that no route to anywhere else
 *	comes with it
 * Return: 0 or -errno.
 */
int net_address_add(const char *name, struct in_addr address);

/**
 * net_rdma_add() - make a software RDMA device
 * @ret_name: receives its name, chosen to be unique on this machine
 * @size: bytes in @ret_name, at least IF_NAMESIZE
 * @type: kind of device, `rxe` or `siw`
 * @link: network device below it; removing that removes the RDMA device
 * Return: 0 or -errno.
 */
int net_rdma_add(char *ret_name, size_t size, const char *type,
		 const char *link);

/** net_rdma_delete() - remove RDMA device number @index; 0 or -errno */
int net_rdma_delete(uint32_t index);

#endif
