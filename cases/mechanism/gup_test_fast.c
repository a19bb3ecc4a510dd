/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fast path of GUP by itself, from the kernel's own test: page tables are
 * walked without a lock and without a VMA to ask, so the refusal has to follow
 * from the page (gup_fast_folio_allowed()). What the walk does not find goes to
 * the slow path. Nobody writes through this pin.
 */
#include <errno.h>
#include <gupcheck/gup-test.h>

static const int refusals[] = {EFAULT, 0};

static const struct gup_call calls[] = {
	{"6.12,7.3", "pin_longterm_test_start, mm/gup_test.c",
	 "pin_user_pages_fast: FOLL_LONGTERM | FOLL_WRITE"},
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

const struct mechanism mechanism_gup_test_fast = {
	.name = "gup_test_fast",
	.summary = "pin_user_pages_fast() itself, by the kernel's own test",
	.why = "A page that is present and writable never reaches the slow path and "
	       "its checks: a refusal that was forgotten on the fast one shows here "
	       "without any driver in between.",
	.require = GUP_TEST_REQUIRE,
	.traits = MECH_LAB | MECH_LONGTERM | MECH_WRITES | MECH_NO_WRITER |
		  MECH_WRITES_HELD | MECH_FAST_PATH,
	.calls = calls,
	.refusals = refusals,
	.errnos = errnos,
	.state_size = sizeof(struct gup_test),
	.open = gup_test_open,
	.pin = gup_test_pin_fast,
	.device_read = gup_test_read,
	.unpin = gup_test_unpin,
	.close = gup_test_close,
};
