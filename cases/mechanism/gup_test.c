/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The slow path of GUP by itself, from the kernel's own test: the mmap lock is
 * held, and each page is looked up under its VMA (check_vma_flags()), present
 * or not. Nobody writes through this pin.
 */
#include <errno.h>
#include <gupcheck/gup-test.h>

static const int refusals[] = {EFAULT, 0};

static const struct gup_call calls[] = {
	{"6.12,7.3", "pin_longterm_test_start, mm/gup_test.c",
	 "pin_user_pages: FOLL_LONGTERM | FOLL_WRITE"},
	{0},
};

static const struct pin_errno errnos[] = {
	{
		.error = EINVAL,
		.kernels = "*",
		.cause =
			"address or size is not a multiple of the page size, or the pin of another program has not ended: there is one at a time",
		.mend = "end what else uses /sys/kernel/debug/gup_test",
	},
	{0},
};

const struct mechanism mechanism_gup_test = {
	.name = "gup_test",
	.summary = "pin_user_pages() itself, by the kernel's own test",
	.why = "Whatever a driver adds of its own, here it is missing: where this "
	       "pin is refused and a driver's is not, or the other way round, the "
	       "driver is the reason.",
	.require = GUP_TEST_REQUIRE,
	.traits = MECH_LAB | MECH_LONGTERM | MECH_WRITES | MECH_NO_WRITER |
		  MECH_WRITES_HELD,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct gup_test),
	.open = gup_test_open,
	.pin = gup_test_pin,
	.device_read = gup_test_read,
	.unpin = gup_test_unpin,
	.close = gup_test_close,
};
