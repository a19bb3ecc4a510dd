/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PCI device for this process alone, see <gupcheck/pci.h>. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <gupcheck/pci.h>
#include <gupcheck/worker.h>

#define DEVICES "/sys/bus/pci/devices"
#define DRIVER "/sys/bus/pci/drivers/vfio-pci"
#define LINK_SIZE 64

static unsigned int read_number(const char *address, const char *name)
{
	char path[300], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%s/%s", address, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) <= 0)
		text[0] = '\0';
	close(fd);
	return (unsigned int)strtoul(text, NULL, 16);
}

/* Last part of where a link of the device leads to; "" where there is none */
static void read_link(const char *address, const char *name,
		      char ret[LINK_SIZE])
{
	char path[128], target[256];
	const char *slash;
	ssize_t len;

	ret[0] = '\0';
	snprintf(path, sizeof(path), DEVICES "/%s/%s", address, name);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return;
	target[len] = '\0';
	slash = strrchr(target, '/');
	snprintf(ret, LINK_SIZE, "%.63s", slash ? slash + 1 : target);
}

static int write_driver(const char *name, const char *text)
{
	char path[128];
	int fd, ret = 0;

	snprintf(path, sizeof(path), DRIVER "/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int write_kind(const struct pci_device *device, const char *name)
{
	char text[32];

	snprintf(text, sizeof(text), "%04x %04x", device->vendor,
		 device->device);
	return write_driver(name, text);
}

static bool find(struct pci_device *ret)
{
	DIR *folder = opendir(DEVICES);
	struct dirent *entry;

	while (folder && !ret->address[0] && (entry = readdir(folder)))
		if (read_number(entry->d_name, "vendor") == ret->vendor &&
		    read_number(entry->d_name, "device") == ret->device)
			snprintf(ret->address, sizeof(ret->address), "%.15s",
				 entry->d_name);
	if (folder)
		closedir(folder);
	return ret->address[0];
}

/*
 * By the number of its kind, not by the device's driver_override: that would
 * outlive the driver's module, which goes away with the run.
 */
static void bind_driver(struct pci_device *device)
{
	char driver[LINK_SIZE];
	int ret = write_kind(device, "new_id");

	if (ret && ret != -EEXIST)
		worker_broken("vfio-pci does not take %04x %04x: %s",
			      device->vendor, device->device, strerror(-ret));
	read_link(device->address, "driver", driver);
	if (!driver[0])
		must_zero(write_driver("bind", device->address));
}

void pci_device_take(struct pci_device *ret, unsigned int vendor,
		     unsigned int device)
{
	char driver[LINK_SIZE];

	*ret = (struct pci_device){.vendor = vendor, .device = device};
	if (!find(ret))
		worker_skip("no PCI device %04x:%04x", vendor, device);
	read_link(ret->address, "driver", driver);
	if (driver[0] && strcmp(driver, "vfio-pci") != 0)
		worker_skip("PCI device %s is in use by driver %s",
			    ret->address, driver);
	ret->ours = true;
	/* else a worker that was killed has left it so */
	if (!driver[0])
		bind_driver(ret);
}

void pci_device_give_back(struct pci_device *device)
{
	if (!device->ours)
		return;
	write_kind(device, "remove_id");
	write_driver("unbind", device->address);
	device->ours = false;
}

int pci_device_group(const struct pci_device *device)
{
	struct vfio_group_status status = {.argsz = sizeof(status)};
	char number[LINK_SIZE], path[96];
	int fd;

	read_link(device->address, "iommu_group", number);
	if (!number[0])
		worker_skip("no IOMMU for PCI device %s", device->address);
	snprintf(path, sizeof(path), "/dev/vfio/%s", number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == EBUSY)
		worker_skip("%s is in use by another program", path);
	must(fd);
	must(ioctl(fd, VFIO_GROUP_GET_STATUS, &status));
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		worker_skip(
			"PCI device %s shares IOMMU group %s with devices in use",
			device->address, number);
	return fd;
}

int pci_device_node(const struct pci_device *device)
{
	char path[300], name[LINK_SIZE] = "";
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), DEVICES "/%s/vfio-dev", device->address);
	folder = opendir(path);
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			snprintf(name, sizeof(name), "%.63s", entry->d_name);
	if (folder)
		closedir(folder);
	snprintf(path, sizeof(path), "/dev/vfio/devices/%s", name);
	if (!name[0] || access(path, F_OK) < 0)
		worker_skip("VFIO has no node for PCI device %s",
			    device->address);
	return (int)must(open(path, O_RDWR | O_CLOEXEC));
}
