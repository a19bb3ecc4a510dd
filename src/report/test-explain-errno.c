/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of plan/test-tables.c. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "report/explain-errno.h"
#include "report/man.h"

static char *explained(int error, const char *mechanism, const char *filesystem)
{
	struct errno_place place = {
		.mechanism = mechanism ? mechanism_find(mechanism) : NULL,
		.filesystem = filesystem ? filesystem_find(filesystem) : NULL,
	};
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(explain_errno(out, error, &place), 0);
	fclose(out);
	return page;
}

static char *lines(const char *text)
{
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	ck_assert_ptr_nonnull(out);
	man_text(out, text);
	fclose(out);
	return page;
}

START_TEST(refusals_are_told)
{
	cleanup_free char *page = explained(EFAULT, "rdma_mr", "xfs");

	ck_assert_ptr_eq(strstr(page, "EFAULT (14, Bad address) from rdma_mr"),
			 page);
	ck_assert_ptr_nonnull(strstr(page, "rdma_mr: it may be a refusal"));
	ck_assert_ptr_nonnull(strstr(page, "since Linux 6.5"));
	ck_assert_ptr_nonnull(strstr(page, "rdma_mr *: ib_umem_get()"));
	ck_assert_ptr_nonnull(strstr(page, "Other causes of the same errno"));
	ck_assert_ptr_nonnull(strstr(page, "a file on hugetlbfs, tmpfs"));
	ck_assert_ptr_nonnull(strstr(page, "'rdma_mr/xfs/admission*'"));
	ck_assert_ptr_null(strstr(page, "fake"));
	ck_assert_ptr_null(strstr(page, "PROT_READ"));
}
END_TEST

START_TEST(what_needs_no_tracking_is_not_refused)
{
	cleanup_free char *page = explained(EFAULT, "rdma_mr", "tmpfs");

	ck_assert_ptr_null(strstr(page, "it may be a refusal"));
	ck_assert_ptr_null(strstr(page, "Since when"));
	ck_assert_ptr_null(strstr(page, "What to do instead"));
	ck_assert_ptr_nonnull(strstr(page, "needs no dirty tracking"));
	ck_assert_ptr_nonnull(strstr(page, "nothing is mapped"));
}
END_TEST

START_TEST(short_pins_are_not_refused)
{
	cleanup_free char *page = explained(EFAULT, "o_direct", "xfs");

	ck_assert_ptr_nonnull(strstr(page, "Its pin is short-term"));
	ck_assert_ptr_null(strstr(page, "What to do instead"));
}
END_TEST

START_TEST(other_errnos_are_no_refusals)
{
	cleanup_free char *limit = explained(ENOMEM, "rdma_mr", NULL);
	cleanup_free char *none = explained(EXDEV, "rdma_mr", NULL);

	ck_assert_ptr_nonnull(strstr(limit, "over RLIMIT_MEMLOCK"));
	ck_assert_ptr_nonnull(strstr(limit, "does not say with this errno"));
	ck_assert_ptr_null(strstr(limit, "Cells that show"));
	ck_assert_ptr_nonnull(strstr(none, "none is known to gupcheck"));
}
END_TEST

START_TEST(reading_mechanisms_have_reasons_of_their_own)
{
	cleanup_free char *page = explained(EFAULT, "vmsplice", NULL);

	ck_assert_ptr_nonnull(strstr(page, "PROT_READ"));
	ck_assert_ptr_null(strstr(page, "PROT_WRITE"));
}
END_TEST

START_TEST(without_a_mechanism_all_are_told)
{
	cleanup_free char *page = explained(EFAULT, NULL, NULL);

	ck_assert_ptr_nonnull(strstr(page, "rdma_mr: it may be a refusal"));
	ck_assert_ptr_null(strstr(page, "o_direct: "));
	ck_assert_ptr_null(strstr(page, "fake_corrupt"));
}
END_TEST

START_TEST(nothing_in_a_text_is_markup)
{
	cleanup_free char *dot = lines(".Sh NAME");
	cleanup_free char *quote = lines("'s own");
	cleanup_free char *slash = lines("a\\fB b\nc");
	cleanup_free char *two = lines("One ends. Two");

	ck_assert_str_eq(dot, "\\&.Sh NAME\n");
	ck_assert_str_eq(quote, "\\&'s own\n");
	ck_assert_str_eq(slash, "a\\efB b c\n");
	ck_assert_str_eq(two, "One ends.\nTwo\n");
}
END_TEST

UNIT_MAIN("explain-errno", refusals_are_told,
	  what_needs_no_tracking_is_not_refused, short_pins_are_not_refused,
	  other_errnos_are_no_refusals,
	  reading_mechanisms_have_reasons_of_their_own,
	  without_a_mechanism_all_are_told, nothing_in_a_text_is_markup)
