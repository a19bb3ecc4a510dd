/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A memory region of a software RDMA device, see <gupcheck/region.h>. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <infiniband/verbs.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <gupcheck/region.h>
#include <gupcheck/worker.h>

#define RELEASE_LIMIT_MS 20000

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
	struct rdma_region *state = device_state(dev);
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

int rdma_region_open(struct device *dev)
{
	struct rdma_region *state = device_state(dev);

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

int rdma_region_pin(struct device *dev, const struct range *range, int access)
{
	struct rdma_region *state = device_state(dev);

	state->pinned_kb = pinned_kb();
	state->region =
		ibv_reg_mr(state->rdma.domain, range->addr, range->len, access);
	if (!state->region)
		return -errno;
	/* then its release could not be seen either */
	if (!(access & IBV_ACCESS_ON_DEMAND) && pinned_kb() == state->pinned_kb)
		worker_broken("registered memory does not count as pinned");
	return 0;
}

int rdma_region_write(struct device *dev, const struct range *range,
		      const void *data)
{
	struct rdma_region *state = device_state(dev);
	int ret = rdma_write(&state->rdma, state->region, data);

	if (ret)
		worker_broken("RDMA WRITE: %s: %s", state->rdma.trouble,
			      strerror(-ret));
	return 0;
}

int rdma_region_read(struct device *dev, const struct range *range, void *buf)
{
	struct rdma_region *state = device_state(dev);
	int ret = rdma_read(&state->rdma, state->region, buf);

	if (ret)
		worker_broken("RDMA READ: %s: %s", state->rdma.trouble,
			      strerror(-ret));
	return 0;
}

static bool region_released(void *arg)
{
	struct rdma_region *state = arg;

	return pinned_kb() <= state->pinned_kb;
}

/* The last reference may be dropped from a work item, after the call. */
int rdma_region_unpin(struct device *dev)
{
	struct rdma_region *state = device_state(dev);

	must_zero(-ibv_dereg_mr(state->region));
	state->region = NULL;
	return worker_await(region_released, state, "release of RDMA memory",
			    RELEASE_LIMIT_MS);
}

void rdma_region_close(struct device *dev)
{
	struct rdma_region *state = device_state(dev);

	if (!state->opened)
		return;
	if (state->region)
		ibv_dereg_mr(state->region);
	state->region = NULL;
	rdma_device_close(&state->rdma);
	state->opened = false;
}
