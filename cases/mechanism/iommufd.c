/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iommufd: what VFIO's own way to map memory for a device is replaced by. An
 * address space (IOAS) is made, devices are attached to it, and what is mapped
 * into it (IOMMU_IOAS_MAP) is pinned as long as a device is attached.
 *
 * It came with Linux 6.2, without a check of its own; devices can be used with
 * it since 6.6, which is after GUP had learned to refuse: shared mappings of
 * files fail with EFAULT on every kernel that it can be tried on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <linux/ioctl.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <gupcheck/edu.h>
#include <gupcheck/pci.h>
#include <gupcheck/worker.h>

/* <linux/iommufd.h> is too new for many systems; numbers of its ABI */
#define IOAS_ALLOC _IO(';', 0x81)
#define IOAS_MAP _IO(';', 0x85)
#define IOAS_UNMAP _IO(';', 0x86)
#define MAP_AT (1 << 0)
#define MAP_WRITEABLE (1 << 1)
#define MAP_READABLE (1 << 2)

struct ioas_alloc {
	__u32 size;
	__u32 flags;
	__u32 ret_ioas;
};

struct ioas_map {
	__u32 size;
	__u32 flags;
	__u32 ioas;
	__u32 reserved;
	__u64 memory;
	__u64 len;
	__u64 at;
};

struct ioas_unmap {
	__u32 size;
	__u32 ioas;
	__u64 at;
	__u64 len;
};

/* So is this half of <linux/vfio.h>. */
#define BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)
#define ATTACH_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 19)

struct bind_iommufd {
	__u32 size;
	__u32 flags;
	__s32 iommufd;
	__u32 ret_device;
};

struct attach_iommufd {
	__u32 size;
	__u32 flags;
	__u32 ioas;
};

/*
 * struct ioas - the mechanism's memory
 * @iommufd, @device: descriptors, or -1
 * @number: of the address space
 * @len: bytes that are mapped for the device
 */
struct ioas {
	bool opened;
	struct pci_device pci;
	int iommufd;
	int device;
	__u32 number;
	struct edu edu;
	size_t len;
};

static int map(struct ioas *ioas, void *memory, size_t len, uint64_t at)
{
	struct ioas_map request = {
		.size = sizeof(request),
		.flags = MAP_AT | MAP_WRITEABLE | MAP_READABLE,
		.ioas = ioas->number,
		.memory = (uintptr_t)memory,
		.len = len,
		.at = at,
	};

	return ioctl(ioas->iommufd, IOAS_MAP, &request) < 0 ? -errno : 0;
}

static void attach(struct ioas *ioas)
{
	struct ioas_alloc alloc = {.size = sizeof(alloc)};
	struct bind_iommufd bind = {.size = sizeof(bind),
				    .iommufd = ioas->iommufd};
	struct attach_iommufd attachment = {.size = sizeof(attachment)};

	must(ioctl(ioas->iommufd, IOAS_ALLOC, &alloc));
	ioas->number = alloc.ret_ioas;
	attachment.ioas = ioas->number;
	if (ioctl(ioas->device, BIND_IOMMUFD, &bind) < 0) {
		if (errno == EPERM)
			worker_skip("the IOMMU does not remap interrupts");
		worker_broken("VFIO_DEVICE_BIND_IOMMUFD: %s", strerror(errno));
	}
	must(ioctl(ioas->device, ATTACH_IOMMUFD, &attachment));
}

static int open_ioas(struct device *dev)
{
	struct ioas *ioas = device_state(dev);

	ioas->opened = true;
	ioas->iommufd = ioas->device = -1;
	pci_device_take(&ioas->pci, EDU_VENDOR, EDU_DEVICE);
	ioas->device = pci_device_node(&ioas->pci);
	ioas->iommufd = (int)must(open("/dev/iommu", O_RDWR | O_CLOEXEC));
	attach(ioas);
	edu_open(&ioas->edu, ioas->device);
	must_zero(map(ioas, ioas->edu.side, pattern_page_size(), EDU_SIDE_AT));
	return 0;
}

static int pin(struct device *dev, const struct range *range)
{
	struct ioas *ioas = device_state(dev);

	ioas->len = range->len;
	return map(ioas, range->addr, range->len, EDU_RANGE_AT);
}

static int device_write(struct device *dev, const struct range *range,
			const void *data)
{
	struct ioas *ioas = device_state(dev);

	return edu_write(&ioas->edu, data);
}

/* When the call has returned the pages are unpinned, and marked dirty */
static int unpin(struct device *dev)
{
	struct ioas *ioas = device_state(dev);
	struct ioas_unmap request = {
		.size = sizeof(request),
		.ioas = ioas->number,
		.at = EDU_RANGE_AT,
		.len = ioas->len,
	};

	must(ioctl(ioas->iommufd, IOAS_UNMAP, &request));
	return request.len == ioas->len ? 0 : -EIO;
}

static void close_ioas(struct device *dev)
{
	struct ioas *ioas = device_state(dev);

	if (!ioas->opened)
		return;
	edu_close(&ioas->edu);
	if (ioas->device >= 0)
		close(ioas->device);
	if (ioas->iommufd >= 0)
		close(ioas->iommufd);
	pci_device_give_back(&ioas->pci);
	ioas->opened = false;
}

static const int refusals[] = {EFAULT, 0};

static const struct pin_errno errnos[] = {
	{
		.error = ENOMEM,
		.kernels = "*",
		.cause =
			"the memory that this user has mapped into address spaces goes over RLIMIT_MEMLOCK; no capability lifts it",
		.mend = "raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=)",
	},
	{
		.error = EEXIST,
		.kernels = "*",
		.cause = "a part of these device addresses is mapped already",
		.mend = "unmap it first (IOMMU_IOAS_UNMAP)",
	},
	{
		.error = EADDRINUSE,
		.kernels = "*",
		.cause =
			"a device that is being attached cannot have addresses that are mapped already",
		.mend = "attach devices first, or ask for the ranges that they can have (IOMMU_IOAS_IOVA_RANGES)",
	},
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"the device addresses are not aligned, or not ones that every attached device can have; IOMMU_IOAS_MAP_FILE: the file is no memfd, shmem or hugetlbfs file",
		.mend = "compare them with IOMMU_IOAS_IOVA_RANGES; map other files by address",
	},
	{0},
};

static const struct gup_call calls[] = {
	{
		.kernels = "6.12,7.3",
		.function =
			"pfn_reader_user_pin(), drivers/iommu/iommufd/pages.c",
		.flags = "pin_user_pages_fast: FOLL_WRITE | FOLL_LONGTERM",
	},
	{0},
};

const struct mechanism mechanism_iommufd = {
	.name = "iommufd",
	.summary = "memory mapped for a device by iommufd, written by its DMA",
	.why = "Virtual machines with a device of their own take it instead of VFIO's container from now on: all memory that the device may reach stays pinned for as long as they run. Where that is a shared file mapping, every DMA would arrive behind the filesystem's back.",
	.require = EDU_REQUIRE
	" & module:iommufd@CONFIG_IOMMUFD & config@CONFIG_VFIO_DEVICE_CDEV",
	.traits = MECH_LAB | MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD |
		  MECH_FAST_PATH | MECH_ANY_SIZE,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.landing = EDU_LANDING,
	.state_size = sizeof(struct ioas),
	.open = open_ioas,
	.pin = pin,
	.device_write = device_write,
	.unpin = unpin,
	.close = close_ioas,
};
