/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An RDMA memory region on demand (IBV_ACCESS_ON_DEMAND): nothing is pinned.
 * The device faults each page in when the peer reaches for it, as the processor
 * does, and drops it when the MMU notifier says that its mapping changes.
 *
 * So writeback, which write-protects the page, takes it away from the device,
 * too: the next write of the peer is a fault, and the filesystem hears of it.
 * This is the answer for who wants a device to write into a file, and it has to
 * stay accepted and safe. rxe can do it since 6.15.
 */
#include <errno.h>
#include <infiniband/verbs.h>
#include <gupcheck/region.h>
#include <gupcheck/worker.h>

/* Of a reliable connection, which is what moves our data */
#define NEEDED (IBV_ODP_SUPPORT_WRITE | IBV_ODP_SUPPORT_READ)

static int open_device(struct device *dev)
{
	struct rdma_region *state = device_state(dev);
	struct ibv_device_attr_ex attr = {0};
	const struct ibv_odp_caps *caps = &attr.odp_caps;
	int ret = rdma_region_open(dev);

	if (ret)
		return ret;
	must_zero(-ibv_query_device_ex(state->rdma.context, NULL, &attr));
	if (!(caps->general_caps & IBV_ODP_SUPPORT) ||
	    (caps->per_transport_caps.rc_odp_caps & NEEDED) != NEEDED) {
		rdma_region_close(dev);
		worker_skip(
			"rxe of this kernel has no memory regions on demand (6.15 and later have)");
	}
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	return rdma_region_pin(dev, range, RDMA_ACCESS | IBV_ACCESS_ON_DEMAND);
}

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = EOPNOTSUPP,
		.kernels = "*",
		.cause =
			"the device, or this kernel's driver of it, has no memory regions on demand",
		.mend = "look at odp_caps of ibv_query_device_ex(3) first",
	},
	{0},
};

static const struct gup_call calls[] = {
	{">=6.15",
	 "ib_umem_odp_map_dma_and_lock, drivers/infiniband/core/umem_odp.c",
	 "none: hmm_range_fault with HMM_PFN_REQ_WRITE, and an MMU interval notifier"},
	{0},
};

const struct mechanism mechanism_rdma_odp = {
	.name = "rdma_odp",
	.summary = "RDMA memory region on demand, which holds no pin",
	.why = "What a program is told to use where a long-term pin of a file is "
	       "refused: the device faults, so the filesystem hears of every "
	       "first write after a writeback. A kernel that forgot to tell the "
	       "device about writeback would corrupt what everybody takes for "
	       "safe.",
	/* older rxe asks for crc32 by name, which no dependency says */
	.require = "root & "
		   "wants:crc32_generic & "
		   "module:rdma_rxe@CONFIG_RDMA_RXE & "
		   "module:ib_uverbs@CONFIG_INFINIBAND_USER_ACCESS & "
		   "config@CONFIG_INFINIBAND_ON_DEMAND_PAGING & "
		   "module:veth@CONFIG_VETH",
	.traits = MECH_NOTIFIER | MECH_WRITES | MECH_WRITES_HELD,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct rdma_region),
	.open = open_device,
	.pin = pin,
	.device_write = rdma_region_write,
	.device_read = rdma_region_read,
	.unpin = rdma_region_unpin,
	.close = rdma_region_close,
};
