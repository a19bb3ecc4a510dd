/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUPCHECK_GUP_TEST_H
#define GUPCHECK_GUP_TEST_H

/*
 * The kernel's own test of GUP (CONFIG_GUP_TEST) as the pin: the hooks of
 * mechanisms that differ in the path through GUP. It pins for writing, but has
 * nothing that writes.
 */

#include <gupcheck/mechanism.h>

/** GUP_TEST_REQUIRE - the requirement of such a mechanism */
#define GUP_TEST_REQUIRE \
	"root & path:/sys/kernel/debug/gup_test@CONFIG_GUP_TEST"

/** struct gup_test - the private memory of such a mechanism */
struct gup_test {
	bool opened;
	int file;
};

/** gup_test_open() - for open(): skips where the kernel cannot hold a pin */
int gup_test_open(struct device *dev);

/** gup_test_pin() - for pin(), with pin_user_pages(), FOLL_WRITE */
int gup_test_pin(struct device *dev, const struct range *range);

/** gup_test_pin_fast() - the same with pin_user_pages_fast() */
int gup_test_pin_fast(struct device *dev, const struct range *range);

/** gup_test_read() - for device_read() */
int gup_test_read(struct device *dev, const struct range *range, void *buf);

/** gup_test_unpin() - for unpin() */
int gup_test_unpin(struct device *dev);

/** gup_test_close() - for close() */
void gup_test_close(struct device *dev);

#endif
