/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Huge pages that are never written back: pins of every kind are allowed, and
 * databases and virtual machines live on that.
 */
#include <errno.h>
#include <gupcheck/filesystem.h>
#include <gupcheck/stage.h>

/* One page for the file, one for the copy that a private mapping makes */
static int prepare(struct stage *stage)
{
	int ret = stage_add_to_setting(stage, "/proc/sys/vm/nr_hugepages", 2);

	return ret == -EAGAIN
		       ? stage_skip(stage,
				    "the kernel has no huge page to spare")
		       : ret;
}

const struct filesystem filesystem_hugetlbfs = {
	.name = "hugetlbfs",
	.summary = "hugetlbfs, default huge page size",
	.why = "needs no dirty tracking: every pin has to keep working",
	.require =
		"root & filesystem:hugetlbfs@CONFIG_HUGETLBFS & path:/proc/sys/vm/nr_hugepages@CONFIG_HUGETLBFS",
	.traits = FS_HUGE_PAGES | FS_MAPPED_ONLY | FS_TYPICAL | FS_MEMFD,
	.type = "hugetlbfs",
	.prepare = prepare,
};
