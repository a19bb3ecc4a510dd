/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's own test of GUP as the pin, see <gupcheck/gup-test.h>. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <linux/types.h>
#include <sys/ioctl.h>
#include <gupcheck/gup-test.h>
#include <gupcheck/worker.h>

#define GUP_TEST_FILE "/sys/kernel/debug/gup_test"

/* mm/gup_test.h, which is not among the headers for programs */
struct longterm {
	__u64 addr;
	__u64 size;
	__u32 flags;
};

#define LONGTERM_START _IOW('g', 7, struct longterm)
#define LONGTERM_STOP _IO('g', 8)
#define LONGTERM_READ _IOW('g', 9, __u64)
#define LONGTERM_WRITABLE (1 << 0)
#define LONGTERM_FAST (1 << 1)

/*
 * The kernel holds one such pin at a time. A pin without arguments is wrong in
 * another way where it knows how to hold one, and holds none.
 */
int gup_test_open(struct device *dev)
{
	struct gup_test *test = device_state(dev);

	test->file = (int)must(open(GUP_TEST_FILE, O_RDWR | O_CLOEXEC));
	test->opened = true;
	if (ioctl(test->file, LONGTERM_START, NULL) < 0 && errno != EFAULT) {
		gup_test_close(dev);
		worker_skip(
			"gup_test of this kernel cannot hold a pin (6.2 and later can), or does so for another program");
	}
	return 0;
}

static int take(struct device *dev, const struct range *range, __u32 flags)
{
	struct gup_test *test = device_state(dev);
	struct longterm this = {.addr = (unsigned long)range->addr,
				.size = range->len,
				.flags = LONGTERM_WRITABLE | flags};

	return ioctl(test->file, LONGTERM_START, &this) < 0 ? -errno : 0;
}

int gup_test_pin(struct device *dev, const struct range *range)
{
	return take(dev, range, 0);
}

int gup_test_pin_fast(struct device *dev, const struct range *range)
{
	return take(dev, range, LONGTERM_FAST);
}

/* It copies as many pages as are pinned. */
int gup_test_read(struct device *dev, const struct range *range, void *buf)
{
	struct gup_test *test = device_state(dev);
	__u64 to = (unsigned long)buf;

	return ioctl(test->file, LONGTERM_READ, &to) < 0 ? -errno : 0;
}

int gup_test_unpin(struct device *dev)
{
	struct gup_test *test = device_state(dev);

	return ioctl(test->file, LONGTERM_STOP) < 0 ? -errno : 0;
}

/* The last close releases what is pinned. */
void gup_test_close(struct device *dev)
{
	struct gup_test *test = device_state(dev);

	if (test->opened)
		close(test->file);
	test->opened = false;
}
