/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_EDU_H
#define GUPCHECK_EDU_H

/*
 * QEMU's `edu` device (docs/specs/edu.txt of QEMU), for real DMA: made for
 * teaching, 4 KiB of memory of its own, and one DMA at a time between that and
 * ours.
 *
 * A DMA takes a tenth of a second and moves at most EDU_DMA_MAX bytes (one
 * more, and older QEMU ends), so only a piece is written. It lies across the
 * middle of a range of sixteen 4 KiB pages, where variants of a mapping change
 * from one kind of memory to another.
 */

#ifndef GUPCHECK_WORKER_CODE
#error "only for code that runs in the disposable worker (cases/)"
#endif

#include <stddef.h>

#define EDU_VENDOR 0x1234
#define EDU_DEVICE 0x11e8

/** EDU_REQUIRE - the device, behind an IOMMU, and the driver for our own use */
#define EDU_REQUIRE                                             \
	"root & pci:1234:11e8 & "                               \
	"path:/sys/kernel/iommu_groups/0@CONFIG_INTEL_IOMMU & " \
	"module:vfio_pci@CONFIG_VFIO_PCI"

/** EDU_SIDE_AT, EDU_RANGE_AT - where the device sees the side page, the range;
 * it reaches 256 MiB
 */
#define EDU_SIDE_AT 0x1000000u
#define EDU_RANGE_AT 0x4000000u

#define EDU_DMA_MAX 4095
#define EDU_LANDING_OFFSET (8 * 4096 - 2048)

/** EDU_LANDING - struct landing of edu_write() */
#define EDU_LANDING                                                  \
	{                                                            \
		.offset = EDU_LANDING_OFFSET, .length = EDU_DMA_MAX, \
	}

/**
 * struct edu - the device, opened
 * @registers: its memory window
 * @registers_len: bytes
 * @side: a page that it reads new data from; the caller has it mapped for the
 *	device at EDU_SIDE_AT, readable
 */
struct edu {
	char *registers;
	size_t registers_len;
	void *side;
};

/**
 * edu_open() - let it do DMA
 * @ret: zeroed
 * @fd: the device, from VFIO; not needed afterwards
 */
void edu_open(struct edu *ret, int fd);

/**
 * edu_write() - write to what the caller has mapped at EDU_RANGE_AT, by DMA
 * @data: the range's bytes after the write, of which those of EDU_LANDING go
 * Return: 0 once the device is done, or -ETIMEDOUT.
 */
int edu_write(struct edu *edu, const void *data);

/** edu_close() - accepts a half-open one */
void edu_close(struct edu *edu);

#endif
