/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables are those of plan/test-tables.c. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/unit.h"
#include "report/report.h"

static char *explained(const char *text)
{
	struct cell_id id = {NULL};
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(cell_id_parse(text, &id, NULL), 0);
	ck_assert_int_eq(explain(out, &id), 0);
	fclose(out);
	return page;
}

/* What list() prints, or its error line; @ret_failed tells which. */
static char *listed(const char *what, const char *glob, int expected)
{
	const struct shard whole = {0};
	struct error error = {""};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(list(out, what, &glob, glob ? 1 : 0, &whole, &error),
			 expected);
	fputs(error.text, out);
	fclose(out);
	return text;
}

START_TEST(recipe_is_whole)
{
	cleanup_free char *page =
		explained("o_direct/xfs/reflink_while_pinned");

	static const char expected[] =
		"o_direct/xfs/reflink_while_pinned\n"
		"  scenario    reflink_while_pinned: does a clone change?\n"
		"  mechanism   o_direct: O_DIRECT read that a slow server "
		"answers\n"
		"  filesystem  xfs: XFS with reflinks\n"
		"\n"
		"Why\n"
		"  The page is written in place although its block is shared. "
		"Nobody tells the\n"
		"  filesystem, so it has no chance to copy the block first, and "
		"the clone sees\n"
		"  the new data.\n"
		"\n"
		"  Every database does direct reads.\n"
		"\n"
		"  Shares blocks between clones.\n"
		"\n"
		"GUP call, by kernel\n"
		"  >=6.0  iov_iter_extract_pages(), lib/iov_iter.c\n"
		"         FOLL_PIN|FOLL_WRITE\n"
		"  <6.0   iov_iter_get_pages(), lib/iov_iter.c\n"
		"         FOLL_WRITE\n"
		"\n"
		"Steps (old data is in the file, written and synced)\n"
		"   1. map: map the file\n"
		"   2. pin: pin its pages\n"
		"   3. reflink: clone the file and sync\n"
		"   4. read: read it back, the other file, as \"clone\" "
		"(cached, raw)\n"
		"   5. device_write: let the device write\n"
		"   6. read: read it back, the other file, as \"clone-after\" "
		"(cached, direct,\n"
		"      raw)\n"
		"\n"
		"Promises\n"
		"  invariant 3, nothing else touched\n"
		"      A clone does not change when its source is written\n"
		"      check: when \"clone\" showed old data, and reflink "
		"succeeded,\n"
		"             \"clone-after\" has to show old data\n"
		"      source: ioctl_ficlone(2)\n"
		"  invariant 2, nothing lost\n"
		"      What a long-term device wrote is on the disk\n"
		"      check: \"disk\" has to show new data\n"
		"      source: fsync(2)\n"
		"\n"
		"Expected\n"
		"  safe: the pin works, every promise is kept\n"
		"\n"
		"Needs\n"
		"  o_direct: path:/dev/fuse\n"
		"  xfs: root & program:mkfs.xfs\n"
		"\n"
		"More\n"
		"  https://example.org/reflink\n"
		"\n"
		"Run it\n"
		"  gupcheck vm --kernel KERNEL "
		"o_direct/xfs/reflink_while_pinned\n"
		"  gupcheck run --destructive "
		"o_direct/xfs/reflink_while_pinned\n"
		"  gupcheck cell o_direct/xfs/reflink_while_pinned\n"
		"  It may make the running kernel warn, crash, or drop what it "
		"caches.\n";

	ck_assert_msg(!strcmp(page, expected), "%.3000s", page);
}
END_TEST

START_TEST(only_promises_that_bind_are_told)
{
	cleanup_free char *page = explained("rdma_mr/xfs/reflink_while_pinned");

	ck_assert_ptr_nonnull(strstr(page, "invariant 3"));
	ck_assert_ptr_null(strstr(page, "invariant 2"));
	ck_assert_ptr_nonnull(strstr(page, "Expected\n  refused: "));
}
END_TEST

START_TEST(variants_are_told)
{
	cleanup_free char *page = explained("rdma_mr/xfs/admission@private");

	ck_assert_ptr_nonnull(
		strstr(page, "  variant     private: private mapping\n"));
	ck_assert_ptr_nonnull(strstr(page, "Expected\n  safe: "));
	ck_assert_ptr_nonnull(
		strstr(page, "gupcheck run rdma_mr/xfs/admission@private\n"));
	ck_assert_ptr_null(strstr(page, "destructive"));
}
END_TEST

START_TEST(what_makes_no_cell_is_not_recommended)
{
	cleanup_free char *page =
		explained("rdma_mr/ext4/reflink_while_pinned");

	ck_assert_ptr_nonnull(strstr(page, "this makes no cell, the filesystem "
					   "has no reflinks\n"));
	ck_assert_ptr_null(strstr(page, "gupcheck cell"));
}
END_TEST

START_TEST(axes_are_listed)
{
	cleanup_free char *all = listed("mechanisms", NULL, 0);
	cleanup_free char *some = listed("filesystems", "*fs", 0);
	cleanup_free char *fake = listed("filesystems", "fake_dir", 0);
	cleanup_free char *third = listed("scenarios", "*pinned", 0);

	ck_assert_str_eq(all, "o_direct  O_DIRECT read that a slow server "
			      "answers\n"
			      "rdma_mr   RDMA memory region\n"
			      "vmsplice  page in a pipe\n");
	ck_assert_str_eq(some, "hugetlbfs  huge pages\n"
			       "tmpfs      memory\n"
			       "xfs        XFS with reflinks\n");
	ck_assert_str_eq(fake, "fake_dir  a plain directory\n");
	ck_assert_str_eq(third, "fsync_while_pinned    does fsync reach the "
				"disk?\n"
				"reflink_while_pinned  does a clone change?\n");
}
END_TEST

START_TEST(cells_are_listed)
{
	cleanup_free char *cells = listed("cells", "rdma_mr/xfs/a*", 0);

	ck_assert_str_eq(
		cells,
		"rdma_mr/xfs/admission          is the pin accepted?\n"
		"rdma_mr/xfs/admission@cleaned  is the pin accepted?, after "
		"writeback\n"
		"rdma_mr/xfs/admission@private  is the pin accepted?, private "
		"mapping\n");
}
END_TEST

START_TEST(lists_of_nothing_are_errors)
{
	cleanup_free char *what = listed("kernels", NULL, -EINVAL);
	cleanup_free char *name = listed("mechanisms", "fake*", -EINVAL);
	cleanup_free char *cell = listed("cells", "zzz", -EINVAL);

	ck_assert_str_eq(what, "cannot list 'kernels'; there are mechanisms, "
			       "filesystems, scenarios and cells");
	ck_assert_str_eq(name, "no name matches 'fake*'; see gupcheck list "
			       "mechanisms");
	ck_assert_ptr_nonnull(strstr(cell, "no cell matches 'zzz'"));
}
END_TEST

UNIT_MAIN("explain", recipe_is_whole, only_promises_that_bind_are_told,
	  variants_are_told, what_makes_no_cell_is_not_recommended,
	  axes_are_listed, cells_are_listed, lists_of_nothing_are_errors)
