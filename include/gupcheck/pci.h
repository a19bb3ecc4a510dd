/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_PCI_H
#define GUPCHECK_PCI_H

/*
 * A PCI device that is driven by this process, through VFIO, for mechanisms
 * that need real DMA.
 */

#ifndef GUPCHECK_WORKER_CODE
#error "only for code that runs in the disposable worker (cases/)"
#endif

#include <stdbool.h>
#include <stdint.h>

/**
 * struct pci_device - a device and its driver
 * @address: in sysfs, as 0000:00:01.0; "" while none is found
 * @vendor, @device: its numbers
 * @ours: bound by us, to be given back
 */
struct pci_device {
	char address[16];
	unsigned int vendor;
	unsigned int device;
	bool ours;
};

/**
 * pci_device_take() - find a device and bind it to vfio-pci
 * @ret: zeroed; to be handed to pci_device_give_back()
 *
 * Skips the cell where there is none, or where a driver uses it.
 */
void pci_device_take(struct pci_device *ret, unsigned int vendor,
		     unsigned int device);

/** pci_device_give_back() - to no driver; nothing may have it open any more */
void pci_device_give_back(struct pci_device *device);

/**
 * pci_device_group() - open its IOMMU group
 *
 * Skips the cell where the device has none, or where the group is in use.
 * Return: a descriptor.
 */
int pci_device_group(const struct pci_device *device);

/**
 * pci_device_node() - open the device's own node (Linux 6.6), for iommufd
 *
 * Skips the cell where it has none. Return: a descriptor.
 */
int pci_device_node(const struct pci_device *device);

#endif
