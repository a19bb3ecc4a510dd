/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RDMA memory region: the peer of a connection writes straight into memory of
 * this process, without any of its instructions being involved.
 *
 * Registering a region (ibv_reg_mr) pins its pages until it is deregistered.
 * Before Linux 6.5 a shared mapping of a file was accepted; every write of the
 * peer then bypasses the filesystem, and deregistering dirties pages that it
 * believes to be clean. Since then such memory is refused with EFAULT.
 */
#include <errno.h>
#include <infiniband/verbs.h>
#include <gupcheck/region.h>

static int pin(struct device *dev, const struct range *range)
{
	return rdma_region_pin(dev, range, RDMA_ACCESS);
}

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
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
	 "FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE"},
	{"5.10,6.1,6.12", "ib_umem_get, drivers/infiniband/core/umem.c",
	 "FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE"},
	{0},
};

const struct mechanism mechanism_rdma_mr = {
	.name = "rdma_mr",
	.summary = "RDMA memory region, written by the peer of the connection",
	.why = "Distributed storage, databases and parallel programs let a peer "
	       "write into memory that stays registered for hours. A file "
	       "mapped shared looks like the way to a persistent or common "
	       "buffer, and until 6.5 it registered. Seen with it: fsync "
	       "writes nothing and says 0, data is lost, a reflinked copy of "
	       "the file changes, ext4 warns about a page without buffers.",
	/* older rxe asks for crc32 by name, which no dependency says */
	.require = "root & "
		   "wants:crc32_generic & "
		   "module:rdma_rxe@CONFIG_RDMA_RXE & "
		   "module:ib_uverbs@CONFIG_INFINIBAND_USER_ACCESS & "
		   "module:veth@CONFIG_VETH",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD |
		  MECH_FAST_PATH | MECH_ANY_START | MECH_ANY_SIZE |
		  MECH_TYPICAL,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct rdma_region),
	.open = rdma_region_open,
	.pin = pin,
	.device_write = rdma_region_write,
	.device_read = rdma_region_read,
	.unpin = rdma_region_unpin,
	.close = rdma_region_close,
};
