/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VFIO: a device that is driven by this process does DMA, through the IOMMU,
 * into memory that the process has mapped for it (VFIO_IOMMU_MAP_DMA), which
 * pins that memory until it is unmapped.
 *
 * Before Linux 6.5 a shared mapping of a file was accepted; every DMA then
 * writes to pages that the filesystem believes to be clean. Since then such
 * memory is refused with EFAULT.
 *
 * The device is QEMU's `edu`: made for teaching, 4 KiB of memory of its own,
 * and one DMA at a time between that and ours. A DMA takes a tenth of a second
 * and moves at most DMA_MAX bytes (one more, and older QEMU ends), so only a
 * piece is written that lies across the border of two pages.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <gupcheck/pci.h>
#include <gupcheck/worker.h>

#define EDU_VENDOR 0x1234
#define EDU_DEVICE 0x11e8

/* Registers of the device, from the start of its only memory window */
#define EDU_IDENTITY 0x00
#define EDU_IDENTITY_MASK 0xffffu
#define EDU_IDENTITY_VALUE 0x00edu
#define EDU_DMA_SOURCE 0x80
#define EDU_DMA_TARGET 0x88
#define EDU_DMA_COUNT 0x90
#define EDU_DMA_COMMAND 0x98
#define EDU_DMA_RUN 1u
#define EDU_DMA_TO_MEMORY 2u
#define EDU_BUFFER 0x40000u
#define DMA_MAX 4095
#define DMA_LIMIT_MS 5000

/* Addresses that the device uses; it reaches 256 MiB */
#define SIDE_AT 0x1000000u
#define RANGE_AT 0x4000000u

#define LANDING_OFFSET 2048

/*
 * struct edu - the mechanism's memory
 * @container, @group, @device: descriptors, or -1
 * @registers: the memory window, or NULL
 * @side: a page that the device reads new data from, mapped at SIDE_AT
 */
struct edu {
	bool opened;
	struct pci_device pci;
	int container;
	int group;
	int device;
	char *registers;
	size_t registers_len;
	void *side;
	size_t len;
};

static int map(struct edu *edu, void *memory, size_t len, uint64_t at)
{
	struct vfio_iommu_type1_dma_map request = {
		.argsz = sizeof(request),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = at,
		.size = len,
	};

	return ioctl(edu->container, VFIO_IOMMU_MAP_DMA, &request) < 0 ? -errno
								       : 0;
}

static void open_container(struct edu *edu)
{
	edu->container = (int)must(open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC));
	must(ioctl(edu->group, VFIO_GROUP_SET_CONTAINER, &edu->container));
	if (!ioctl(edu->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return;
	if (errno == EPERM)
		worker_skip(
			"the IOMMU does not remap interrupts (vfio_iommu_type1.allow_unsafe_interrupts)");
	must(-1);
}

/* Without this permission the device's DMA is dropped in silence. */
static void allow_dma(struct edu *edu)
{
	struct vfio_region_info config = {
		.argsz = sizeof(config),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};
	uint16_t command;
	off_t at;

	must(ioctl(edu->device, VFIO_DEVICE_GET_REGION_INFO, &config));
	at = (off_t)config.offset + PCI_COMMAND;
	must(pread(edu->device, &command, sizeof(command), at));
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	must(pwrite(edu->device, &command, sizeof(command), at));
}

static void map_registers(struct edu *edu)
{
	struct vfio_region_info window = {
		.argsz = sizeof(window),
		.index = VFIO_PCI_BAR0_REGION_INDEX,
	};
	uint32_t identity;

	must(ioctl(edu->device, VFIO_DEVICE_GET_REGION_INFO, &window));
	edu->registers = mmap(NULL, window.size, PROT_READ | PROT_WRITE,
			      MAP_SHARED, edu->device, (off_t)window.offset);
	if (edu->registers == MAP_FAILED)
		edu->registers = NULL;
	must(edu->registers ? 0 : -1);
	edu->registers_len = window.size;
	identity = *(volatile uint32_t *)(edu->registers + EDU_IDENTITY);
	if ((identity & EDU_IDENTITY_MASK) != EDU_IDENTITY_VALUE)
		worker_broken("PCI device %s is no edu device: %#x",
			      edu->pci.address, identity);
}

static int open_edu(struct device *dev)
{
	struct edu *edu = device_state(dev);

	edu->opened = true;
	edu->container = edu->group = edu->device = -1;
	pci_device_take(&edu->pci, EDU_VENDOR, EDU_DEVICE);
	edu->group = pci_device_group(&edu->pci);
	open_container(edu);
	edu->device = (int)must(
		ioctl(edu->group, VFIO_GROUP_GET_DEVICE_FD, edu->pci.address));
	allow_dma(edu);
	map_registers(edu);
	edu->side = must_alloc(pattern_page_size());
	must_zero(map(edu, edu->side, pattern_page_size(), SIDE_AT));
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	struct edu *edu = device_state(dev);

	edu->len = range->len;
	return map(edu, range->addr, range->len, RANGE_AT);
}

static volatile uint64_t *register_at(struct edu *edu, unsigned int offset)
{
	return (volatile uint64_t *)(edu->registers + offset);
}

static bool dma_done(void *arg)
{
	return !(*register_at(arg, EDU_DMA_COMMAND) & EDU_DMA_RUN);
}

static int dma(struct edu *edu, uint64_t from, uint64_t to, uint64_t command)
{
	*register_at(edu, EDU_DMA_SOURCE) = from;
	*register_at(edu, EDU_DMA_TARGET) = to;
	*register_at(edu, EDU_DMA_COUNT) = DMA_MAX;
	*register_at(edu, EDU_DMA_COMMAND) = command | EDU_DMA_RUN;
	return worker_await(dma_done, edu, "the end of a DMA", DMA_LIMIT_MS);
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct edu *edu = device_state(dev);
	int ret;

	(void)range;
	memcpy(edu->side, (const char *)data + LANDING_OFFSET, DMA_MAX);
	ret = dma(edu, SIDE_AT, EDU_BUFFER, 0);
	if (ret)
		return ret;
	return dma(edu, EDU_BUFFER, RANGE_AT + LANDING_OFFSET,
		   EDU_DMA_TO_MEMORY);
}

/* When the call has returned the pages are unpinned, and marked dirty */
static int unpin(struct device *dev)
{
	struct edu *edu = device_state(dev);
	struct vfio_iommu_type1_dma_unmap request = {
		.argsz = sizeof(request),
		.iova = RANGE_AT,
		.size = edu->len,
	};

	must(ioctl(edu->container, VFIO_IOMMU_UNMAP_DMA, &request));
	return request.size == edu->len ? 0 : -EIO;
}

static void close_edu(struct device *dev)
{
	struct edu *edu = device_state(dev);
	const int descriptors[] = {edu->device, edu->group, edu->container};

	if (!edu->opened)
		return;
	if (edu->registers)
		munmap(edu->registers, edu->registers_len);
	/* the group gives the container up: its mappings end with both */
	for (size_t i = 0; i < sizeof(descriptors) / sizeof(*descriptors); i++)
		if (descriptors[i] >= 0)
			close(descriptors[i]);
	if (edu->side)
		munmap(edu->side, pattern_page_size());
	pci_device_give_back(&edu->pci);
	edu->opened = false;
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
	.require =
		"root & pci:1234:11e8 & path:/sys/kernel/iommu_groups/0@CONFIG_INTEL_IOMMU & module:vfio_pci@CONFIG_VFIO_PCI & module:vfio_iommu_type1@CONFIG_VFIO",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.landing = {.offset = LANDING_OFFSET, .length = DMA_MAX},
	.state_size = sizeof(struct edu),
	.open = open_edu,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_edu,
};
