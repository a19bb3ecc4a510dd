/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VFIO: a device that is driven by this process does DMA, through the IOMMU,
 * into memory that the process has mapped for it (VFIO_IOMMU_MAP_DMA), which
 * pins that memory until it is unmapped.
 *
 * Before Linux 6.5 a shared mapping of a file was accepted; every DMA then
 * writes to pages that the filesystem believes to be clean. Since then such
 * memory is refused with EFAULT.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <gupcheck/edu.h>
#include <gupcheck/pci.h>
#include <gupcheck/worker.h>

/*
 * struct vfio - the mechanism's memory
 * @container, @group, @device: descriptors, or -1
 * @len: bytes that are mapped for the device
 */
struct vfio {
	bool opened;
	struct pci_device pci;
	int container;
	int group;
	int device;
	struct edu edu;
	size_t len;
};

static int map(struct vfio *vfio, void *memory, size_t len, uint64_t at)
{
	struct vfio_iommu_type1_dma_map request = {
		.argsz = sizeof(request),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = at,
		.size = len,
	};

	return ioctl(vfio->container, VFIO_IOMMU_MAP_DMA, &request) < 0 ? -errno
									: 0;
}

static void open_container(struct vfio *vfio)
{
	vfio->container = (int)must(open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC));
	must(ioctl(vfio->group, VFIO_GROUP_SET_CONTAINER, &vfio->container));
	if (!ioctl(vfio->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return;
	if (errno == EPERM)
		worker_skip(
			"the IOMMU does not remap interrupts (vfio_iommu_type1.allow_unsafe_interrupts)");
	must(-1);
}

static int open_vfio(struct device *dev)
{
	struct vfio *vfio = device_state(dev);

	vfio->opened = true;
	vfio->container = vfio->group = vfio->device = -1;
	pci_device_take(&vfio->pci, EDU_VENDOR, EDU_DEVICE);
	vfio->group = pci_device_group(&vfio->pci);
	open_container(vfio);
	vfio->device = (int)must(ioctl(vfio->group, VFIO_GROUP_GET_DEVICE_FD,
				       vfio->pci.address));
	edu_open(&vfio->edu, vfio->device);
	must_zero(map(vfio, vfio->edu.side, pattern_page_size(), EDU_SIDE_AT));
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	struct vfio *vfio = device_state(dev);

	vfio->len = range->len;
	return map(vfio, range->addr, range->len, EDU_RANGE_AT);
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct vfio *vfio = device_state(dev);

	return edu_write(&vfio->edu, data);
}

/* When the call has returned the pages are unpinned, and marked dirty */
static int unpin(struct device *dev)
{
	struct vfio *vfio = device_state(dev);
	struct vfio_iommu_type1_dma_unmap request = {
		.argsz = sizeof(request),
		.iova = EDU_RANGE_AT,
		.size = vfio->len,
	};

	must(ioctl(vfio->container, VFIO_IOMMU_UNMAP_DMA, &request));
	return request.size == vfio->len ? 0 : -EIO;
}

static void close_vfio(struct device *dev)
{
	struct vfio *vfio = device_state(dev);
	const int fds[] = {vfio->device, vfio->group, vfio->container};

	if (!vfio->opened)
		return;
	edu_close(&vfio->edu);
	/* the group gives the container up: its mappings end with both */
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	pci_device_give_back(&vfio->pci);
	vfio->opened = false;
}

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = ENOMEM,
		.kernels = "*",
		.cause =
			"the memory mapped for devices by this process goes over RLIMIT_MEMLOCK",
		.mend = "raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=), or give CAP_IPC_LOCK",
	},
	{
		.error = EEXIST,
		.kernels = "*",
		.cause = "a part of these device addresses is mapped already",
		.mend = "unmap it first (VFIO_IOMMU_UNMAP_DMA)",
	},
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"address, device address or length is not aligned to a page of the IOMMU, or the IOMMU does not reach that device address",
		.mend = "compare them with VFIO_IOMMU_GET_INFO",
	},
	{
		.error = ENOSPC,
		.kernels = "*",
		.cause = "the container has too many mappings",
		.mend = "map larger pieces, or raise vfio_iommu_type1.dma_entry_limit",
	},
	{0},
};

static const struct gup_call calls[] = {
	{
		.kernels = "5.10,6.1,6.12,7.3",
		.function =
			"vaddr_get_pfns(), drivers/vfio/vfio_iommu_type1.c (vaddr_get_pfn() in 5.10)",
		.flags = "pin_user_pages_remote: FOLL_WRITE | FOLL_LONGTERM",
	},
	{0},
};

const struct mechanism mechanism_vfio_type1 = {
	.name = "vfio_type1",
	.summary = "memory mapped for a device by VFIO, written by its DMA",
	.why = "Virtual machines with a device of their own, and drivers in user space (DPDK, SPDK), have all memory that the device may reach pinned for as long as they run: for a virtual machine that is the whole of its memory. Where that is a shared file mapping, every DMA arrives behind the filesystem's back.",
	.require = EDU_REQUIRE " & module:vfio_iommu_type1@CONFIG_VFIO",
	.traits =
		MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD | MECH_ANY_SIZE,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.landing = EDU_LANDING,
	.state_size = sizeof(struct vfio),
	.open = open_vfio,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_vfio,
};
