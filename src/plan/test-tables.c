/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tables that unit tests are linked with: small, and never changed. */

#include <errno.h>
#include <gupcheck/filesystem.h>
#include <gupcheck/mechanism.h>
#include <gupcheck/scenario.h>

static const struct mechanism mechanism_fake_corrupt = {
	.name = "fake_corrupt",
	.summary = "corrupts on purpose",
	.why = "The oracle has to notice.",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_FAKE,
};

static const struct mechanism mechanism_o_direct = {
	.name = "o_direct",
	.summary = "O_DIRECT read that a slow server answers",
	.why = "Every database does direct reads.",
	.require = "path:/dev/fuse",
	.traits = MECH_SHORT | MECH_HELD | MECH_WRITES,
	.calls =
		(const struct gup_call[]){
			{">=6.0", "iov_iter_extract_pages(), lib/iov_iter.c",
			 "FOLL_PIN|FOLL_WRITE"},
			{"<6.0", "iov_iter_get_pages(), lib/iov_iter.c",
			 "FOLL_WRITE"},
			{NULL},
		},
	.refusals = (const int[]){EFAULT, 0},
};

static const struct mechanism mechanism_rdma_mr = {
	.name = "rdma_mr",
	.summary = "RDMA memory region",
	.why = "Storage servers register mapped files.",
	.require = "root & module:rdma_rxe@CONFIG_RDMA_RXE",
	.traits = MECH_LONGTERM | MECH_WRITES | MECH_WRITES_HELD,
	.calls =
		(const struct gup_call[]){
			{"*", "ib_umem_get(), drivers/infiniband/core/umem.c",
			 "FOLL_LONGTERM|FOLL_WRITE"},
			{NULL},
		},
	.refusals = (const int[]){EFAULT, 0},
	.errnos =
		(const struct pin_errno[]){
			{ENOMEM, "*", "memory regions go over RLIMIT_MEMLOCK",
			 "raise it"},
			{0},
		},
};

static const struct mechanism mechanism_vmsplice = {
	.name = "vmsplice",
	.summary = "page in a pipe",
	.why = "The pipe shows what the file holds later.",
	.traits = MECH_SHORT | MECH_READS_ONLY,
};

const struct mechanism *const mechanisms[] = {
	&mechanism_fake_corrupt,
	&mechanism_o_direct,
	&mechanism_rdma_mr,
	&mechanism_vmsplice,
	NULL,
};

static const struct filesystem filesystem_ext4 = {
	.name = "ext4",
	.summary = "ext4 with 4 KiB blocks",
	.why = "Drops the buffers of a clean page.",
	.require = "root & program:mkfs.ext4",
	.traits = FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_RAW_READBACK |
		  FS_DIRECT_IO | FS_FREEZE | FS_MOVE_EXTENT,
};

static const struct filesystem filesystem_fake_dir = {
	.name = "fake_dir",
	.summary = "a plain directory",
	.why = "Needs no root.",
	.traits = FS_FAKE,
};

static const struct filesystem filesystem_hugetlbfs = {
	.name = "hugetlbfs",
	.summary = "huge pages",
	.why = "Has no writeback.",
	.traits = FS_HUGE_PAGES | FS_MAPPED_ONLY,
};

static const struct filesystem filesystem_tmpfs = {
	.name = "tmpfs",
	.summary = "memory",
	.why = "Has no writeback: pins must stay allowed.",
};

static const struct filesystem filesystem_xfs = {
	.name = "xfs",
	.summary = "XFS with reflinks",
	.why = "Shares blocks between clones.",
	.require = "root & program:mkfs.xfs",
	.traits = FS_TRACKS_DIRTY | FS_BLOCK_BACKED | FS_RAW_READBACK |
		  FS_DIRECT_IO | FS_REFLINK | FS_FREEZE,
};

const struct filesystem *const filesystems[] = {
	&filesystem_ext4,  &filesystem_fake_dir, &filesystem_hugetlbfs,
	&filesystem_tmpfs, &filesystem_xfs,	 NULL,
};

static const struct step step_test_map = {
	.name = "map",
	.summary = "map the file",
};

static const struct step step_test_pin = {
	.name = "pin",
	.summary = "pin its pages",
};

static const struct step step_test_clone = {
	.name = "reflink",
	.summary = "clone the file and sync",
};

static const struct step step_test_read_clone = {
	.name = "read",
	.summary = "read it back",
	.label = "clone",
	.file = FILE_OTHER,
	.views = VIEW_CACHED | VIEW_RAW,
};

static const struct step step_test_write = {
	.name = "device_write",
	.summary = "let the device write",
};

static const struct step step_test_read_after = {
	.name = "read",
	.summary = "read it back",
	.label = "clone-after",
	.file = FILE_OTHER,
	.views = VIEW_CACHED | VIEW_DIRECT | VIEW_RAW,
};

static const struct scenario scenario_admission = {
	.name = "admission",
	.summary = "is the pin accepted?",
	.why = "A long-term pin of a tracked page must be refused.",
	.steps = (const struct step *const[]){&step_test_map, &step_test_pin,
					      NULL},
	.variants =
		(const struct variant[]){
			{.name = "cleaned",
			 .summary = "after writeback",
			 .flags = VARIANT_CLEANED},
			{.name = "private",
			 .summary = "private mapping",
			 .flags = VARIANT_PRIVATE},
			{NULL},
		},
};

static const struct scenario scenario_fsync_while_pinned = {
	.name = "fsync_while_pinned",
	.summary = "does fsync reach the disk?",
	.why = "The page looks clean.",
	.needs_mechanism = MECH_WRITES,
	.not_filesystem = FS_MAPPED_ONLY,
	.steps = (const struct step *const[]){&step_test_map, &step_test_pin,
					      &step_test_write, NULL},
};

static const struct scenario scenario_reflink_while_pinned = {
	.name = "reflink_while_pinned",
	.summary = "does a clone change?",
	.why = "The page is written in place although its block is shared. "
	       "Nobody tells the filesystem, so it has no chance to copy the "
	       "block first, and the clone sees the new data.",
	.links = (const char *const[]){"https://example.org/reflink", NULL},
	.needs_mechanism = MECH_WRITES,
	.needs_filesystem = FS_REFLINK,
	.destructive = true,
	.steps = (const struct step *const[]){&step_test_map, &step_test_pin,
					      &step_test_clone,
					      &step_test_read_clone,
					      &step_test_write,
					      &step_test_read_after, NULL},
	.promises =
		(const struct promise[]){
			{.invariant = 3,
			 .text = "A clone does not change when its source is written",
			 .source = "ioctl_ficlone(2)",
			 .after = "clone",
			 .observed = CONTENT_OLD,
			 .step = "reflink",
			 .label = "clone-after",
			 .required = CONTENT_OLD},
			{.invariant = 2,
			 .text = "What a long-term device wrote is on the disk",
			 .source = "fsync(2)",
			 .label = "disk",
			 .required = CONTENT_NEW,
			 .only = MECH_SHORT},
			{0},
		},
};

const struct scenario *const scenarios[] = {
	&scenario_admission,
	&scenario_fsync_while_pinned,
	&scenario_reflink_while_pinned,
	NULL,
};
