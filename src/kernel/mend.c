/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stddef.h>
#include <string.h>

#include "kernel/mend.h"

#define AT_BUILD_TIME "-at-build-time"

static const struct {
	const char *program;
	const char *package;
} packages[] = {
	{"btrfs", "btrfs-progs"},
	{"e2fsck", "e2fsprogs"},
	{"fsck.exfat", "exfatprogs"},
	{"fsck.ext4", "e2fsprogs"},
	{"fsck.f2fs", "f2fs-tools"},
	{"fsck.jfs", "jfsutils"},
	{"fsck.vfat", "dosfstools"},
	{"fusermount3", "fuse3"},
	{"ip", "iproute2"},
	{"mkfs.bcachefs", "bcachefs-tools"},
	{"mkfs.btrfs", "btrfs-progs"},
	{"mkfs.erofs", "erofs-utils"},
	{"mkfs.exfat", "exfatprogs"},
	{"mkfs.ext2", "e2fsprogs"},
	{"mkfs.ext3", "e2fsprogs"},
	{"mkfs.ext4", "e2fsprogs"},
	{"mkfs.f2fs", "f2fs-tools"},
	{"mkfs.gfs2", "gfs2-utils"},
	{"mkfs.jfs", "jfsutils"},
	{"mkfs.nilfs2", "nilfs-tools"},
	{"mkfs.ntfs", "ntfs-3g"},
	{"mkfs.ocfs2", "ocfs2-tools"},
	{"mkfs.udf", "udftools"},
	{"mkfs.vfat", "dosfstools"},
	{"mkfs.xfs", "xfsprogs"},
	{"mksquashfs", "squashfs-tools"},
	{"modprobe", "kmod"},
	{"rdma", "iproute2"},
	{"xfs_io", "xfsprogs"},
	{"xfs_repair", "xfsprogs"},
};

#define LIBRARY_PACKAGES 3

/* The names are those of cases/meson.build. */
static const struct {
	const char *library;
	const char *packages[LIBRARY_PACKAGES + 1];
} libraries[] = {
	{"libfuse3", {"libfuse3-dev"}},
	{"libibverbs", {"libibverbs-dev", "libnl-3-dev", "libnl-route-3-dev"}},
	{"libnl-route-3", {"libnl-3-dev", "libnl-route-3-dev"}},
	{"liburing", {"liburing-dev"}},
};

static const struct mend_need needs[] = {
	{"CONFIG_BLK_DEV_LOOP", "CONFIG_BLK_DEV", false},
	{"CONFIG_BLK_DEV", "CONFIG_BLOCK", true},
	{"CONFIG_BTRFS_FS", "CONFIG_BLOCK", true},
	{"CONFIG_EXT4_FS", "CONFIG_BLOCK", true},
	{"CONFIG_F2FS_FS", "CONFIG_BLOCK", true},
	{"CONFIG_GUP_TEST", "CONFIG_DEBUG_FS", true},
	{"CONFIG_INET", "CONFIG_NET", true},
	{"CONFIG_INFINIBAND", "CONFIG_INET", true},
	{"CONFIG_INFINIBAND", "CONFIG_PCI", true},
	{"CONFIG_INFINIBAND_ON_DEMAND_PAGING", "CONFIG_INFINIBAND_USER_ACCESS",
	 true},
	{"CONFIG_INFINIBAND_USER_ACCESS", "CONFIG_INFINIBAND", false},
	{"CONFIG_INTEL_IOMMU", "CONFIG_ACPI", true},
	{"CONFIG_INTEL_IOMMU", "CONFIG_IOMMU_SUPPORT", true},
	{"CONFIG_INTEL_IOMMU", "CONFIG_PCI_MSI", true},
	{"CONFIG_IOMMUFD", "CONFIG_IOMMU_SUPPORT", true},
	{"CONFIG_KVM", "CONFIG_HIGH_RES_TIMERS", true},
	{"CONFIG_KVM", "CONFIG_VIRTUALIZATION", true},
	{"CONFIG_KVM_AMD", "CONFIG_KVM", false},
	{"CONFIG_KVM_INTEL", "CONFIG_KVM", false},
	{"CONFIG_NAMESPACES", "CONFIG_MULTIUSER", true},
	{"CONFIG_NETDEVICES", "CONFIG_NET", true},
	{"CONFIG_NET_CORE", "CONFIG_NETDEVICES", true},
	{"CONFIG_NET_NS", "CONFIG_NAMESPACES", true},
	{"CONFIG_NET_NS", "CONFIG_NET", true},
	{"CONFIG_PACKET", "CONFIG_NET", true},
	{"CONFIG_PID_NS", "CONFIG_NAMESPACES", true},
	{"CONFIG_PCI_MSI", "CONFIG_PCI", true},
	{"CONFIG_RDMA_RXE", "CONFIG_INFINIBAND", false},
	{"CONFIG_SERIAL_8250", "CONFIG_TTY", true},
	{"CONFIG_SERIAL_8250_CONSOLE", "CONFIG_SERIAL_8250", true},
	{"CONFIG_SERIAL_8250_RUNTIME_UARTS>=2", "CONFIG_SERIAL_8250", true},
	{"CONFIG_SERIAL_8250_RUNTIME_UARTS>=2",
	 "CONFIG_SERIAL_8250_NR_UARTS>=2", true},
	{"CONFIG_TMPFS", "CONFIG_SHMEM", true},
	{"CONFIG_UNIX", "CONFIG_NET", true},
	{"CONFIG_VETH", "CONFIG_NET_CORE", true},
	{"CONFIG_VFIO_DEVICE_CDEV", "CONFIG_IOMMUFD", true},
	{"CONFIG_VFIO_DEVICE_CDEV", "CONFIG_VFIO", false},
	{"CONFIG_VFIO_PCI", "CONFIG_PCI", true},
	{"CONFIG_VFIO_PCI", "CONFIG_VFIO", false},
	{"CONFIG_VHOST_VSOCK", "CONFIG_VHOST_MENU", true},
	{"CONFIG_VHOST_VSOCK", "CONFIG_VSOCKETS", false},
	{"CONFIG_VSOCKETS", "CONFIG_NET", true},
	{"CONFIG_VIDEO_VIVID", "CONFIG_MEDIA_SUPPORT", true},
	{"CONFIG_VIDEO_VIVID", "CONFIG_MEDIA_TEST_SUPPORT", true},
	{"CONFIG_VIDEO_VIVID", "CONFIG_V4L_TEST_DRIVERS", true},
	{"CONFIG_VIDEO_VIVID", "CONFIG_FB", true},
	{"CONFIG_XDP_SOCKETS", "CONFIG_BPF_SYSCALL", true},
	{"CONFIG_XDP_SOCKETS", "CONFIG_NET", true},
	{"CONFIG_XFS_FS", "CONFIG_BLOCK", true},
};

static const char *const newer[] = {
	"CONFIG_IOMMUFD", /* 6.2 */
	"CONFIG_VFIO_DEVICE_CDEV", /* 6.6 */
};

const char *mend_package(const char *program)
{
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++)
		if (!strcmp(packages[i].program, program))
			return packages[i].package;
	return NULL;
}

const char *const *mend_library(const char *why)
{
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		size_t len = strlen(libraries[i].library);

		if (!strncmp(why, libraries[i].library, len) &&
		    !strcmp(why + len, AT_BUILD_TIME))
			return libraries[i].packages;
	}
	return NULL;
}

const struct mend_need *mend_need(const char *symbol, unsigned int index)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (!strcmp(needs[i].symbol, symbol) && !index--)
			return &needs[i];
	return NULL;
}

bool mend_newer(const char *symbol)
{
	for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++)
		if (!strcmp(newer[i], symbol))
			return true;
	return false;
}
