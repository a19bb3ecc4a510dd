/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An RDMA memory region that the peer may only read: a server lends out what it
 * has in memory, and no device ever writes there.
 *
 * ib_umem_get() pins it all the same for as long as it is registered, and up to
 * 6.1 it asked for a forced write (FOLL_FORCE | FOLL_WRITE), so that a private
 * page is copied before it is pinned. Later kernels pin for reading, and GUP
 * itself takes care of private pages (FOLL_LONGTERM unshares them). Nothing is
 * written behind the filesystem's back, so every kernel has to accept it.
 */
#include <errno.h>
#include <infiniband/verbs.h>
#include <gupcheck/region.h>

static int pin(struct device *dev, const struct range *range)
{
	return rdma_region_pin(dev, range, IBV_ACCESS_REMOTE_READ);
}

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EFAULT,
		.kernels = "5.10..6.1",
		.cause =
			"the mapping is shared and cannot be written (no PROT_WRITE): these kernels pin for a forced write, although the peer only reads",
		.mend = "map it with PROT_WRITE, or use a newer kernel",
	},
	{
		.error = ENOMEM,
		.kernels = "*",
		.cause =
			"the memory regions of this process go over RLIMIT_MEMLOCK",
		.mend = "raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=), or give CAP_IPC_LOCK",
	},
	{
		.error = EPERM,
		.kernels = "*",
		.cause =
			"RLIMIT_MEMLOCK is 0, and the process has no CAP_IPC_LOCK",
		.mend = "raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=), or give CAP_IPC_LOCK",
	},
	{0},
};

static const struct gup_call calls[] = {
	{"7.3", "ib_umem_get_va, drivers/infiniband/core/umem.c",
	 "FOLL_PIN | FOLL_LONGTERM"},
	{"6.12", "ib_umem_get, drivers/infiniband/core/umem.c",
	 "FOLL_PIN | FOLL_LONGTERM"},
	{"5.10,6.1", "ib_umem_get, drivers/infiniband/core/umem.c",
	 "FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE | FOLL_FORCE"},
	{0},
};

const struct mechanism mechanism_rdma_mr_read = {
	.name = "rdma_mr_read",
	.summary =
		"RDMA memory region, only read by the peer of the connection",
	.why = "Servers let clients fetch straight from a mapped file: key-value "
	       "stores, model weights, storage targets. Nobody writes through "
	       "the region, so it has to register on every filesystem, the "
	       "peer has to read what the file holds, and what the process "
	       "stores meanwhile has to reach the disk.",
	/* older rxe asks for crc32 by name, which no dependency says */
	.require = "root & "
		   "wants:crc32_generic & "
		   "module:rdma_rxe@CONFIG_RDMA_RXE & "
		   "module:ib_uverbs@CONFIG_INFINIBAND_USER_ACCESS & "
		   "module:veth@CONFIG_VETH",
	.traits = MECH_LONGTERM | MECH_READS_ONLY | MECH_WRITES_HELD |
		  MECH_FAST_PATH,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct rdma_region),
	.open = rdma_region_open,
	.pin = pin,
	.device_read = rdma_region_read,
	.unpin = rdma_region_unpin,
	.close = rdma_region_close,
};
