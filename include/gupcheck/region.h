/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_REGION_H
#define GUPCHECK_REGION_H

/*
 * A memory region of a software RDMA device as the pin: the hooks of mechanisms
 * that differ in the access flags of ibv_reg_mr(3). struct rdma_region is their
 * private memory, device_state().
 */

#include <stdbool.h>
#include <gupcheck/mechanism.h>
#include <gupcheck/rdma.h>

/**
 * struct rdma_region - the private memory of such a mechanism
 * @opened: rdma_region_open() was called
 * @rdma: the device
 * @region: the registration, or NULL
 * @pinned_kb: what this process had pinned before it
 */
struct rdma_region {
	bool opened;
	struct rdma_device rdma;
	struct ibv_mr *region;
	long pinned_kb;
};

/**
 * rdma_region_open() - for open()
 *
 * In the worker's network namespace; where rxe knows the initial one only,
 * there, if gupcheck was started in it. Skips where it was not.
 */
int rdma_region_open(struct device *dev);

/**
 * rdma_region_pin() - for pin(): register @range
 * @access: IBV_ACCESS_* flags
 * Return: 0, or the -errno of ibv_reg_mr().
 */
int rdma_region_pin(struct device *dev, const struct range *range, int access);

/** rdma_region_write() - for device_write(): RDMA WRITE of the whole region */
int rdma_region_write(struct device *dev, const struct range *range,
		      const void *data);

/** rdma_region_read() - for device_read(): RDMA READ of the whole region */
int rdma_region_read(struct device *dev, const struct range *range, void *buf);

/** rdma_region_unpin() - for unpin(): deregister; waits for the release */
int rdma_region_unpin(struct device *dev);

/** rdma_region_close() - for close() */
void rdma_region_close(struct device *dev);

#endif
