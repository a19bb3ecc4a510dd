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
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <infiniband/verbs.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <gupcheck/rdma.h>
#include <gupcheck/worker.h>

#define RELEASE_LIMIT_MS 20000

/*
 * struct rdma_state - the mechanism's memory
 * @region: the pin
 * @pinned_kb: what this process had pinned before pin()
 */
struct rdma_state {
	bool opened;
	struct rdma_device rdma;
	struct ibv_mr *region;
	long pinned_kb;
};

static bool in_initial_namespace(void)
{
	struct stat own, initial;

	must(stat("/proc/self/ns/net", &own));
	must(stat("/proc/1/ns/net", &initial));
	return own.st_ino == initial.st_ino;
}

/* With CAP_IPC_LOCK, which root has, the limit does not count anyway. */
static void raise_locked_memory(void)
{
	struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

	if (!setrlimit(RLIMIT_MEMLOCK, &limit))
		return;
	must(getrlimit(RLIMIT_MEMLOCK, &limit));
	limit.rlim_cur = limit.rlim_max;
	must(setrlimit(RLIMIT_MEMLOCK, &limit));
}

/* Our namespace did not do: on older kernels rxe knows the initial one only. */
static void open_at_home(struct device *dev)
{
	struct rdma_state *state = device_state(dev);
	const char *first = state->rdma.trouble;
	int home = device_home_netns(dev);
	int ret;

	if (home < 0 && in_initial_namespace())
		worker_broken("rxe: %s", first);
	if (home < 0)
		worker_skip("rxe of this kernel works in the initial network "
			    "namespace only (%s)",
			    first);
	must(setns(home, CLONE_NEWNET));
	ret = rdma_device_open(&state->rdma);
	if (ret)
		worker_broken("rxe: %s: %s (in a namespace of its own: %s)",
			      state->rdma.trouble, strerror(-ret), first);
}

static int rdma_mr_open(struct device *dev)
{
	struct rdma_state *state = device_state(dev);

	state->opened = true;
	raise_locked_memory();
	if (!rdma_device_open(&state->rdma))
		return 0;
	rdma_device_close(&state->rdma);
	open_at_home(dev);
	return 0;
}

/*
 * What the process has pinned in kB. The kernel lowers it after it has unpinned
 * the pages of a region, and nobody else's pins are in it.
 */
static long pinned_kb(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[128];
	long kb = -1;

	while (file && kb < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmPin: %ld", &kb) != 1)
			kb = -1;
	if (file)
		fclose(file);
	if (kb < 0)
		worker_broken("no VmPin in /proc/self/status");
	return kb;
}

static int rdma_mr_pin(struct device *dev, const struct range *range)
{
	struct rdma_state *state = device_state(dev);

	state->pinned_kb = pinned_kb();
	state->region = ibv_reg_mr(state->rdma.domain, range->addr, range->len,
				   RDMA_ACCESS);
	if (!state->region)
		return -errno;
	if (pinned_kb() == state->pinned_kb)
		worker_broken("registered memory does not count as pinned");
	return 0;
}

static int rdma_mr_device_write(struct device *dev, const struct range *range,
				const void *data)
{
	struct rdma_state *state = device_state(dev);
	int ret = rdma_write(&state->rdma, state->region, data);

	if (ret)
		worker_broken("RDMA WRITE: %s: %s", state->rdma.trouble,
			      strerror(-ret));
	return 0;
}

static int rdma_mr_device_read(struct device *dev, const struct range *range,
			       void *buf)
{
	struct rdma_state *state = device_state(dev);
	int ret = rdma_read(&state->rdma, state->region, buf);

	if (ret)
		worker_broken("RDMA READ: %s: %s", state->rdma.trouble,
			      strerror(-ret));
	return 0;
}

static bool region_released(void *arg)
{
	struct rdma_state *state = arg;

	return pinned_kb() <= state->pinned_kb;
}

/* The last reference may be dropped from a work item, after the call. */
static int rdma_mr_unpin(struct device *dev)
{
	struct rdma_state *state = device_state(dev);

	must_zero(-ibv_dereg_mr(state->region));
	state->region = NULL;
	return worker_await(region_released, state, "release of RDMA memory",
			    RELEASE_LIMIT_MS);
}

static void rdma_mr_close(struct device *dev)
{
	struct rdma_state *state = device_state(dev);

	if (!state->opened)
		return;
	if (state->region)
		ibv_dereg_mr(state->region);
	state->region = NULL;
	rdma_device_close(&state->rdma);
	state->opened = false;
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
		  MECH_FAST_PATH | MECH_ANY_START | MECH_ANY_SIZE,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct rdma_state),
	.open = rdma_mr_open,
	.pin = rdma_mr_pin,
	.device_write = rdma_mr_device_write,
	.device_read = rdma_mr_device_read,
	.unpin = rdma_mr_unpin,
	.close = rdma_mr_close,
};
