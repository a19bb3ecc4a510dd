/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device that does DMA, see <gupcheck/edu.h>. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <gupcheck/edu.h>
#include <gupcheck/worker.h>

/* Registers, from the start of the only memory window */
#define IDENTITY 0x00
#define IDENTITY_MASK 0xffffu
#define IDENTITY_VALUE 0x00edu
#define DMA_SOURCE 0x80
#define DMA_TARGET 0x88
#define DMA_COUNT 0x90
#define DMA_COMMAND 0x98
#define DMA_RUN 1u
#define DMA_TO_MEMORY 2u

/* The device's own memory, as its DMA sees it */
#define BUFFER 0x40000u

#define DMA_LIMIT_MS 5000

/* Without this permission the device's DMA is dropped in silence. */
static void allow_dma(int fd)
{
	struct vfio_region_info config = {
		.argsz = sizeof(config),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};
	uint16_t command;
	off_t at;

	must(ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &config));
	at = (off_t)config.offset + PCI_COMMAND;
	must(pread(fd, &command, sizeof(command), at));
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	must(pwrite(fd, &command, sizeof(command), at));
}

static void map_registers(struct edu *edu, int fd)
{
	struct vfio_region_info window = {
		.argsz = sizeof(window),
		.index = VFIO_PCI_BAR0_REGION_INDEX,
	};
	uint32_t identity;

	must(ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &window));
	edu->registers = mmap(NULL, window.size, PROT_READ | PROT_WRITE,
			      MAP_SHARED, fd, (off_t)window.offset);
	if (edu->registers == MAP_FAILED)
		edu->registers = NULL;
	must(edu->registers ? 0 : -1);
	edu->registers_len = window.size;
	identity = *(volatile uint32_t *)(edu->registers + IDENTITY);
	if ((identity & IDENTITY_MASK) != IDENTITY_VALUE)
		worker_broken("the PCI device is no edu device: %#x", identity);
}

void edu_open(struct edu *ret, int fd)
{
	allow_dma(fd);
	map_registers(ret, fd);
	ret->side = must_alloc(pattern_page_size());
}

static volatile uint64_t *register_at(struct edu *edu, unsigned int offset)
{
	return (volatile uint64_t *)(edu->registers + offset);
}

static bool dma_done(void *arg)
{
	return !(*register_at(arg, DMA_COMMAND) & DMA_RUN);
}

static int dma(struct edu *edu, uint64_t from, uint64_t to, uint64_t command)
{
	*register_at(edu, DMA_SOURCE) = from;
	*register_at(edu, DMA_TARGET) = to;
	*register_at(edu, DMA_COUNT) = EDU_DMA_MAX;
	*register_at(edu, DMA_COMMAND) = command | DMA_RUN;
	return worker_await(dma_done, edu, "the end of a DMA", DMA_LIMIT_MS);
}

int edu_write(struct edu *edu, const void *data)
{
	int ret;

	memcpy(edu->side, (const char *)data + EDU_LANDING_OFFSET, EDU_DMA_MAX);
	ret = dma(edu, EDU_SIDE_AT, BUFFER, 0);
	if (ret)
		return ret;
	return dma(edu, BUFFER, EDU_RANGE_AT + EDU_LANDING_OFFSET,
		   DMA_TO_MEMORY);
}

void edu_close(struct edu *edu)
{
	if (edu->registers)
		munmap(edu->registers, edu->registers_len);
	if (edu->side)
		munmap(edu->side, pattern_page_size());
	*edu = (struct edu){0};
}
